class A {
  void inside() {
    // ok: dots_after_statement
    if (ready()) {
      stop();
    }
  }
  void after() {
    // ruleid: dots_after_statement
    if (ready()) {
      work();
    }
    stop();
  }
}
