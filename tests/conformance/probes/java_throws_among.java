class A {
  // ruleid: java_throws_among
  void a() throws IOException { }
  // ruleid: java_throws_among
  void b() throws SQLException, IOException { }
  void c() { }
}
