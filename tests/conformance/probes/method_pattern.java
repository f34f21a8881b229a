class A {
  // ruleid: method-pattern
  int f(int a) { return a; }
  // ruleid: method-pattern
  public static void g() { }
}
