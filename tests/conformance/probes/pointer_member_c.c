void f(struct part *p, struct part q) {
  // ruleid: pointer_member_c
  use(p->size);
  // ruleid: pointer_member_c
  use((*p).size);
  // ok: pointer_member_c
  use(q.size);
}
