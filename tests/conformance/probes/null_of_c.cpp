void f() {
  // ruleid: null_of_c
  a = nullptr;
  // ruleid: null_of_c
  b = NULL;
  // ok: null_of_c
  c = other;
}
