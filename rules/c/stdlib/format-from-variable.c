void example(char *a, char *b, char *text, int n) {
  // ruleid: c.stdlib.format-from-variable
  printf(text);
  // ruleid: c.stdlib.format-from-variable
  fprintf(stderr, text);
  // ruleid: c.stdlib.format-from-variable
  syslog(3, text);
  // ok: c.stdlib.format-from-variable
  printf("%s", text);
  // ok: c.stdlib.format-from-variable
  fprintf(stderr, "done");
  // ok: c.stdlib.format-from-variable
  puts(text);
}
