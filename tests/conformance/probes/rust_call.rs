fn g() {
  // ruleid: rust-call
  unsafe { f(); }
  h();
}
