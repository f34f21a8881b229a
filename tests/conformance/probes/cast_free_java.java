class A {
  void f() {
    // ruleid: cast_free_java
    use((Part) make(1));
    // ok: cast_free_java
    use(((Part) make(1)).name());
  }
}
