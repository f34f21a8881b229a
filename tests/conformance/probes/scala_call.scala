object A {
  def g() = {
    // ruleid: scala-call
    f(1)
    h(1)
  }
}
