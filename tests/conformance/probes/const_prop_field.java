class A {
  private static final String K = "a";
  void m() {
    // ruleid: const-prop-field
    f(K);
  }
}
