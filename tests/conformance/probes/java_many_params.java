class A {
  public A(int a, int b) { }
  // ruleid: java_many_params
  void c(int a, int b) { }
  // ruleid: java_many_params
  native int d();
}
