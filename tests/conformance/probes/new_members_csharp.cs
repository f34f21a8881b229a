class A {
  void F() {
    // ruleid: new_members_csharp
    var query = new Query {
      // ok: new_members_csharp
      Skip = start,
    };
    Send(query);
  }
  void G() {
    // ok: new_members_csharp
    all.Add(new Query {
      // ok: new_members_csharp
      Skip = start,
    });
    Send(all);
  }
}
