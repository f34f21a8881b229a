class A {
  private String late;
  private String own = "a";
  String open = "b";
  private final String made;
  A() { made = "c"; }
  void set() { late = "d"; }
  void use() {
    foo(late);
    // ruleid: java_field_constants
    foo(own);
    foo(open);
    // ruleid: java_field_constants
    foo(made);
    // ruleid: java_field_constants
    foo(c ? "e" : "f");
    // ruleid: java_field_constants
    foo("g" + 1);
  }
}
