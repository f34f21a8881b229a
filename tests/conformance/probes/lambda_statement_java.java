class A {
  void f() {
    // ruleid: lambda_statement_java
    list.forEach(one -> work(one));
    // ruleid: lambda_statement_java
    list.forEach(one -> { work(one); });
  }
}
