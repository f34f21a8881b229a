object A {
  def f = {
    // ruleid: scala_catch
    try { a() } catch { case e: E => b() }
    try { a() } finally { c() }
    try { a() } catch { case e: E => b() } finally { c() }
  }
}
