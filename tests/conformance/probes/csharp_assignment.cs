class A {
  int field = 1;
  void F() {
    int x = 1;
    var y = 2;
    // ruleid: csharp_assignment
    x = 3;
    // ruleid: csharp_assignment
    this.field = 4;
  }
}
