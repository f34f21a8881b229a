class A {
  void f() {
    // ruleid: java_anonymous_class
    use(new Runnable());
    use(new Runnable() { public void run() { } });
  }
}
