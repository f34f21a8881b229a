class A { void m(String s, int i) {
  // ruleid: java-typed-lit
  f(s);
  // ruleid: java-typed-lit
  f("x");
  f(i);
  f(1);
  f(s + 1);
} }
