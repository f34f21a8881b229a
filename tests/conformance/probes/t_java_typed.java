class A { void m(Db d, Log l) {
  String q = src();
  // ruleid: t-java-typed
  d.run(q);
  // ruleid: t-java-typed
  d.run("a" + q);
  l.run(q);
} }
