class A {
  void f() {
    // ok: bare_body_branch
    if (ready()) work();
    // ruleid: bare_body_branch
    if (ready()) { work(); }
  }
}
