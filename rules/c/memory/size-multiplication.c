void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.size-multiplication
  a = malloc(n * sizeof(int));
  // ruleid: c.memory.size-multiplication
  a = realloc(a, n * 8);
  // ruleid: c.memory.size-multiplication
  b = malloc(n * n);
  // ok: c.memory.size-multiplication
  a = calloc(n, sizeof(int));
  // ok: c.memory.size-multiplication
  a = malloc(16 * sizeof(int));
  // ok: c.memory.size-multiplication
  a = malloc(n);
}
