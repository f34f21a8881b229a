function f(a, b) {
  // ruleid: js_step_by_itself
  a = a + 1;
  // ruleid: js_step_by_itself
  a += b;
  // ok: js_step_by_itself
  a = b;
}
