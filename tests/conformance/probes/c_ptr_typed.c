void g(char *s, int i) {
  // ruleid: c-ptr-typed
  f(s);
  f(i);
}
