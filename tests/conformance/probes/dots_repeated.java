class A {
  void f() {
    // ok: dots_repeated
    call(one);
    // ruleid: dots_repeated
    call(one, two);
    // ruleid: dots_repeated
    call(one, two, three);
  }
}
