class A {
  void run() {
    String a = source();
    // ruleid: safe_numbers
    sink(a);
    int b = a;
    // ok: safe_numbers
    sink(b);
    // ok: safe_numbers
    sink(Integer.parseInt(a));
    // ok: safe_numbers
    sink(a.length());
    // ruleid: safe_numbers
    sink(a.indexOf("b"));
  }
}
