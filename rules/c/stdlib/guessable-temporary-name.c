void example(char *a, char *b, char *text, int n) {
  // ruleid: c.stdlib.guessable-temporary-name
  mktemp(a);
  // ruleid: c.stdlib.guessable-temporary-name
  tmpnam(a);
  // ruleid: c.stdlib.guessable-temporary-name
  char *p = tempnam(a, b);
  // ok: c.stdlib.guessable-temporary-name
  mkstemp(a);
  // ok: c.stdlib.guessable-temporary-name
  tmpfile();
  // ok: c.stdlib.guessable-temporary-name
  mkdtemp(a);
}
