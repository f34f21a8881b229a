function one() {
  // ok: not_with_closing_dots
  a = open();
  a.check();
  a.close();
}
function two() {
  // ruleid: not_with_closing_dots
  b = open();
  b.read();
  b.close();
}
