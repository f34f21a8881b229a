class A {
  void f() {
    // ok: bare_body_list
    if (ready()) work();
    if (ready()) {
      // ruleid: bare_body_list
      work();
    }
  }
}
