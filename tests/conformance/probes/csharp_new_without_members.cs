class A {
  void F() {
    // ruleid: csharp_new_without_members
    Use(new Options());
    // ruleid: csharp_new_without_members
    Use(new Options(1));
    Use(new Options { Safe = true });
  }
}
