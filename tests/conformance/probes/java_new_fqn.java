import a.b.C;
class X { void f() {
  // ruleid: java-new-fqn
  Object o = new C(1);
  // ruleid: java-new-fqn
  o = new a.b.C();
  o = new D();
} }
