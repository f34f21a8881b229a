class A {
  void f() {
    // ruleid: csharp_array_without_type
    var a = new[] { 1, 2 };
    // ok: csharp_array_without_type
    var b = new B();
    // ok: csharp_array_without_type
    g(1);
  }
}
