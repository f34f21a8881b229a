#include <stdlib.h>

void flawed(char *a, struct list *list, size_t n) {
    // ruleid: c.memory.lost-on-failure
    a = realloc(a, n);
    // ruleid: c.memory.lost-on-failure
    list->items = realloc(list->items, n);
    // ruleid: c.memory.lost-on-failure
    a = realloc(a, n * 2);
}
void sound(char *a, size_t n) {
    // ok: c.memory.lost-on-failure
    char *grown = realloc(a, n);
    // ok: c.memory.lost-on-failure
    a = reallocate(a, n);
    // ok: c.memory.lost-on-failure
    char *fresh = realloc(NULL, n);
}
