class A : B {
  // ruleid: base_call_csharp
  public A(int x) : base(x) { }
  // ok: base_call_csharp
  public A(string x) : this(1) { }
}
