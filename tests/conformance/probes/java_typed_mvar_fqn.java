import a.Foo;
class A {
  void m(Foo p) {
    // ruleid: java-typed-mvar-fqn
    p.bar();
  }
}
