void one(char *p) {
  // ruleid: c.memory.use-after-free
  free(p);
  puts(p);
}
void two(struct node *p) {
  // ruleid: c.memory.use-after-free
  free(p);
  p->next = 0;
}
char *three(char *p) {
  // ruleid: c.memory.use-after-free
  free(p);
  return p;
}
void four(char *p) {
  puts(p);
  // ok: c.memory.use-after-free
  free(p);
}
void five(char *p, char *q) {
  // ok: c.memory.use-after-free
  free(p);
  puts(q);
}
void six(char *p) {
  // ok: c.memory.use-after-free
  free(p);
  p = 0;
  puts(p);
}
