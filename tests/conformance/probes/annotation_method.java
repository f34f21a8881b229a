class A {
  // ruleid: annotation-method
  @Ann public int f() { return 1; }
  // ruleid: annotation-method
  @Other @Ann int h() { return 1; }
  int g() { return 1; }
}
