object A {
  def f = {
    // ruleid: scala_type_arguments
    decode(1)
    decode[Int](1)
  }
}
