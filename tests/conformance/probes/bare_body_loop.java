class A {
  void f() {
    // ok: bare_body_loop
    while (ready()) work();
    // ruleid: bare_body_loop
    while (ready()) { work(); }
  }
}
