class A {
  void f() {
    // ruleid: generic_metavar_java
    List<String> a = make();
    // ok: generic_metavar_java
    List b = make();
    // ok: generic_metavar_java
    String[] c = make();
  }
}
