// ruleid: class-members-any-order
class A {
  void b() { }
  int x;
}
class B {
  int x;
}
