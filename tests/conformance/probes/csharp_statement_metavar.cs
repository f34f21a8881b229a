class A {
  void B() {
    // ruleid: csharp_statement_metavar
    if (c) { return; }
    if (c) { d(); e(); }
  }
}
