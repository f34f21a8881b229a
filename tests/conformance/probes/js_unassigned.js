function f(x) {
  let a;
  if (x) { a = "b"; }
  foo(a);
  // ruleid: js_unassigned
  foo(x ? "c" : "d");
}
