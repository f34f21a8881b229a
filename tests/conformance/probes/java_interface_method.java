interface I {
  void a();
  // ruleid: java_interface_method
  default void b() { use(); }
}
abstract class A {
  // ruleid: java_interface_method
  abstract void c();
}
