void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.unbounded-copy
  strcpy(a, b);
  // ruleid: c.memory.unbounded-copy
  strcat(a, text);
  // ruleid: c.memory.unbounded-copy
  stpcpy(a, b + 1);
  // ok: c.memory.unbounded-copy
  strcpy(a, "ok");
  // ok: c.memory.unbounded-copy
  strlcpy(a, b, 10);
  // ok: c.memory.unbounded-copy
  snprintf(a, 10, "%s", b);
}
