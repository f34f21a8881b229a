// ruleid: assign-typed-java
class A { int fld = f();
 void m() {
  // ruleid: assign-typed-java
  int a = f();
  // ruleid: assign-typed-java
  b = f();
} }
