class A {
  void inside() {
    // ruleid: dots_after_dots
    start();
    if (ready()) {
      stop();
    }
  }
  void before() {
    // ok: dots_after_dots
    start();
    stop();
    if (ready()) { work(); }
  }
}
