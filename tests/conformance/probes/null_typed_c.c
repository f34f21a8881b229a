void f(char *s, int n) {
  // ruleid: null_typed_c
  if (NULL == s) { }
  // ok: null_typed_c
  if (n == s) { }
}
