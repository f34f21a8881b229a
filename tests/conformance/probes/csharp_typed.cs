class A { void M(Foo a) {
  // ruleid: csharp-typed
  a.Run(1);
} }
