class A {
  void f() {
    // ruleid: type_arguments_java
    use(Part.<String>make(1));
    // ruleid: type_arguments_java
    use(Part.make(1));
    // ok: type_arguments_java
    use(make(1));
  }
}
