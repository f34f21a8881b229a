class A {
  // ruleid: java_annotated_header
  @Get("a")
  public String a(int b) { return c(); }
  public String d() { return c(); }
}
