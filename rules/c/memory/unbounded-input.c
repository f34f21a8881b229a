void example(char *a, char *b, char *text, int n) {
  // ruleid: c.memory.unbounded-input
  gets(a);
  // ruleid: c.memory.unbounded-input
  char *p = gets(b);
  // ruleid: c.memory.unbounded-input
  if (gets(text)) n = 1;
  // ok: c.memory.unbounded-input
  fgets(a, 10, stdin);
  // ok: c.memory.unbounded-input
  gets_s(a, 10);
  // ok: c.memory.unbounded-input
  puts(a);
}
