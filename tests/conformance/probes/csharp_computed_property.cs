class A {
  // ruleid: csharp_computed_property
  public int One => Make();
  // ok: csharp_computed_property
  public int Two { get; set; }
  // ruleid: csharp_computed_property
  public int Three { get { return Make(); } }
  // ruleid: csharp_computed_property
  int Four() { return Make(); }
}
