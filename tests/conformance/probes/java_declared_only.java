class A {
  void a() {
    // ruleid: java_declared_only
    int b;
    int c = 1;
  }
}
