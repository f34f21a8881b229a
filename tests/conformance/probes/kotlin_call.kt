fun g() {
  // ruleid: kotlin-call
  f(1)
  h(1)
}
