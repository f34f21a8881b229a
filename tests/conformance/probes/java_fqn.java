import a.b.C;
class X { void f() {
  // ruleid: java-fqn
  C.m(1);
  // ruleid: java-fqn
  a.b.C.m(1);
  D.m(1);
} }
