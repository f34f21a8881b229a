class A {
  void f() {
    // ruleid: catch_union_java
    try { work(); } catch (First | Second e) { }
    // ok: catch_union_java
    try { work(); } catch (Second | First e) { }
  }
}
