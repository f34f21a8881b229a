#include <string.h>

void flawed(const char *name, char *old) {
    // ruleid: c.memory.terminator-forgotten
    char *a = malloc(strlen(name) + 1);
    // ruleid: c.memory.terminator-forgotten
    char *b = realloc(old, strlen(name) + 1);
    // ruleid: c.memory.terminator-forgotten
    char *c = alloca(strlen(name) + 1);
}
void sound(const char *name, char *old) {
    // ok: c.memory.terminator-forgotten
    char *a = malloc(strlen(name) + 1);
    // ok: c.memory.terminator-forgotten
    char *b = strdup(name);
    // ok: c.memory.terminator-forgotten
    char *c = realloc(old, 1 + strlen(name));
}
