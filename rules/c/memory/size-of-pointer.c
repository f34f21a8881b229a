#include <string.h>

void flawed(struct user *given, const char *name) {
    struct user *own = malloc(10);
    // ruleid: c.memory.size-of-pointer
    memset(own, 0, sizeof(own));
    // ruleid: c.memory.size-of-pointer
    memcpy(own, given, sizeof(own));
    char *text = malloc(20);
    // ruleid: c.memory.size-of-pointer
    strncpy(text, name, sizeof(text));
}

void sound(struct user *given, const char *name) {
    struct user *own = malloc(10);
    // ok: c.memory.size-of-pointer
    memset(own, 0, sizeof(*own));
    char text[20];
    // ok: c.memory.size-of-pointer
    strncpy(text, name, sizeof(text));
    struct user flat;
    // ok: c.memory.size-of-pointer
    memset(&flat, 0, sizeof(flat));
}
