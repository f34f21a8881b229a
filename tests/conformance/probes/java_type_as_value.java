class A {
  void a() {
    // ruleid: java_type_as_value
    Foo.make("b");
    Bar.make("b");
  }
}
