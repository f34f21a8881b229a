class A {
  // ruleid: generic_metavar_csharp
  public async Task<IResult> One(int a) { return Make(a); }
  // ok: generic_metavar_csharp
  public async Task<Other> Two(int a) { return Make(a); }
  // ok: generic_metavar_csharp
  public async IResult Three(int a) { return Make(a); }
}
