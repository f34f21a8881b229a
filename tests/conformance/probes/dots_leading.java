// ruleid: dots_leading
class A {
  // ruleid: dots_leading
  void f() {
    // ruleid: dots_leading
    open();
    // ruleid: dots_leading
    read();
    // ruleid: dots_leading
    close();
    // ok: dots_leading
    read();
  }
}
