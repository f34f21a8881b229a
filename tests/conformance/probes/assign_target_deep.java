class A {
  // ok: assign_target_deep
  void target() {
    session[0] = 1;
  }
  // ok: assign_target_deep
  void changed() {
    session[0] += 1;
  }
  // ruleid: assign_target_deep
  void value() {
    x = session[0];
  }
}
