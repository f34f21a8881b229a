void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.unbounded-scan
  scanf("%s", a);
  // ruleid: c.memory.unbounded-scan
  sscanf(text, "%d %s", &n, a);
  // ruleid: c.memory.unbounded-scan
  fscanf(stdin, "%s", a);
  // ok: c.memory.unbounded-scan
  scanf("%63s", a);
  // ok: c.memory.unbounded-scan
  sscanf(text, "%d", &n);
  // ok: c.memory.unbounded-scan
  printf("%s", a);
}
