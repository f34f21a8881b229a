void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.length-of-source
  strncpy(a, b, strlen(b));
  // ruleid: c.memory.length-of-source
  strncat(a, b, strlen(b));
  // ruleid: c.memory.length-of-source
  strncat(a, b, sizeof(a));
  // ok: c.memory.length-of-source
  strncpy(a, b, sizeof(a) - 1);
  // ok: c.memory.length-of-source
  strncat(a, b, sizeof(a) - strlen(a) - 1);
  // ok: c.memory.length-of-source
  strncpy(a, b, n);
}
