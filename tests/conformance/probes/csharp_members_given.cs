class Program {
  void Run() {
    // ruleid: csharp_members_given
    var a = new Options { Name = "a", Check = false, Other = 1 };
    // ruleid: csharp_members_given
    Use(new Options { Check = false });
    // ok: csharp_members_given
    var b = new Options { Name = "b" };
    // ruleid: csharp_members_given
    services.Add(o => { o.Params = new Options { Check = false }; });
  }
}
