void example(char *a, char *b, char *text, int n) {
  // ruleid: c.stdlib.weak-random
  n = rand();
  // ruleid: c.stdlib.weak-random
  n = random() % 6;
  // ruleid: c.stdlib.weak-random
  srand(time(NULL));
  // ok: c.stdlib.weak-random
  getrandom(a, 10, 0);
  // ok: c.stdlib.weak-random
  n = arc4random();
  // ok: c.stdlib.weak-random
  srand(1);
}
