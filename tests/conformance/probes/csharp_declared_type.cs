class A {
  void F() {
    // ruleid: csharp_declared_type
    int x = 1;
    var y = 2;
  }
}
