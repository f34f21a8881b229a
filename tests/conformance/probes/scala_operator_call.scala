object A {
  def f = {
    // ruleid: scala_operator_call
    a + 1
    // ruleid: scala_operator_call
    b shift 1
    // ruleid: scala_operator_call
    c.get(1)
    d + 2
  }
}
