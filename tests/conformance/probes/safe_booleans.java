class A {
  void run(boolean c) {
    String a = source();
    // ruleid: safe_booleans
    sink(a);
    // ok: safe_booleans
    sink(a.isEmpty());
    // ok: safe_booleans
    sink(a && c);
    boolean b = a;
    // ok: safe_booleans
    sink(b);
  }
}
