void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.unbounded-format
  sprintf(a, "%s", b);
  // ruleid: c.memory.unbounded-format
  sprintf(a, "x%s-%d", b, n);
  // ruleid: c.memory.unbounded-format
  vsprintf(a, b, args);
  // ok: c.memory.unbounded-format
  snprintf(a, 10, "%s", b);
  // ok: c.memory.unbounded-format
  sprintf(a, "%d", n);
  // ok: c.memory.unbounded-format
  printf("%s", b);
}
