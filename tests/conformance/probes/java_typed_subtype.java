class Sub extends Base { }
class A { void m(Sub s, Base b) {
  // ruleid: java-typed-subtype
  b.run();
  s.run();
} }
