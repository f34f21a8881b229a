void one(char *p) {
  // ruleid: c.memory.double-free
  free(p);
  free(p);
}
void two(char *p) {
  // ruleid: c.memory.double-free
  free(p);
  puts("a");
  free(p);
}
void three(struct node *n) {
  // ruleid: c.memory.double-free
  free(n->data);
  free(n->data);
}
void four(char *p) {
  // ok: c.memory.double-free
  free(p);
  p = 0;
  free(p);
}
void five(char *p, char *q) {
  // ok: c.memory.double-free
  free(p);
  // ok: c.memory.double-free
  free(q);
}
