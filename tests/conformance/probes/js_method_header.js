class A {
  // ruleid: js_method_header
  b() { c(); }
}
function d() { c(); }
foo(function e() { c(); });
