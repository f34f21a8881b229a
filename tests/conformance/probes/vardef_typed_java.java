class A {
 void m() {
  // ruleid: vardef-typed-java
  int a = f();
  b = f();
} }
