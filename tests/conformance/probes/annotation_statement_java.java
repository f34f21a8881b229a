class A {
  // ok: annotation_statement_java
  @Mark(work(1))
  int one;
  // ruleid: annotation_statement_java
  int two = work(2);
}
