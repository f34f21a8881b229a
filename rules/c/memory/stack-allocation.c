void flawed(size_t n, const char *name) {
    // ruleid: c.memory.stack-allocation
    char *a = alloca(n);
    // ruleid: c.memory.stack-allocation
    char *b = alloca(n * 4);
    // ruleid: c.memory.stack-allocation
    char *c = alloca(strlen(name) + 1);
}
void sound(size_t n) {
    // ok: c.memory.stack-allocation
    char *a = alloca(64);
    // ok: c.memory.stack-allocation
    char *b = malloc(n);
    // ok: c.memory.stack-allocation
    char *c = alloca(sizeof(struct user));
}
