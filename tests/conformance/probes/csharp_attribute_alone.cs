class A {
  // ruleid: csharp_attribute_alone
  [Plain]
  void F() { }
  [Route("x")]
  void G() { }
}
