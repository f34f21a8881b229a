class A {
  Foo fld;
  void m(Foo p, Baz q) {
    Foo l = g();
    // ruleid: java-typed-mvar
    p.bar();
    // ruleid: java-typed-mvar
    l.bar(1);
    // ruleid: java-typed-mvar
    fld.bar();
    // ruleid: java-typed-mvar
    this.fld.bar();
    q.bar();
    // ruleid: java-typed-mvar
    new Foo().bar();
    h().bar();
  }
}
