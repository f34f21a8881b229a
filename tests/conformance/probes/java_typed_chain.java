class A { Foo mk() { return null; } void m() {
  mk().bar();
  var v = new Foo();
  // ruleid: java-typed-chain
  v.bar();
} }
