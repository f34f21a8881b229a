class A {
  void F() {
    // ruleid: new_members_csharp
    var query = new Query {
      // ok: new_members_csharp
      Skip = start,
    };
    Send(query);
  }
}
