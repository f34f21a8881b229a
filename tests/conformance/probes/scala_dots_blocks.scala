object A {
  def f = {
    val a = 1
    if (b) { use(a) }
  }
  def g = {
    // ruleid: scala_dots_blocks
    val a = 1
    if (b) { c() }
    use(a)
  }
}
