class A {
  Part F() {
    // ruleid: cast_free_csharp
    return (Part)Make(1);
  }
  Part G() {
    // ok: cast_free_csharp
    return (Part)Keep(1);
  }
}
