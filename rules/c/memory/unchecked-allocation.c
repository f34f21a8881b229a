#include <stdlib.h>

void flawed(size_t n, const char *from) {
    char *a;
    struct user *b;
    // ruleid: c.memory.unchecked-allocation
    a = malloc(n);
    a[0] = 1;
    // ruleid: c.memory.unchecked-allocation
    b = malloc(sizeof(*b));
    b->age = 3;
    // ruleid: c.memory.unchecked-allocation
    a = malloc(n);
    memcpy(a, from, n);
}
void sound(size_t n, const char *from) {
    char *a;
    // ok: c.memory.unchecked-allocation
    a = malloc(n);
    if (a == NULL) return;
    a[0] = 1;
    // ok: c.memory.unchecked-allocation
    a = checked_malloc(n);
    a[0] = 1;
    // ok: c.memory.unchecked-allocation
    a = malloc(n);
    use(a);
}
