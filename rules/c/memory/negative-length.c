#include <string.h>

void flawed(char *to, const char *from, size_t len, size_t head) {
    // ruleid: c.memory.negative-length
    memcpy(to, from, len - head);
    // ruleid: c.memory.negative-length
    memmove(to, from, packet->size - head);
    // ruleid: c.memory.negative-length
    char *p = malloc(len - head);
}
void sound(char *to, const char *from, size_t len, size_t head) {
    if (len >= head) {
        // ok: c.memory.negative-length
        memcpy(to, from, len - head);
    }
    // ok: c.memory.negative-length
    memcpy(to, from, len);
    // ok: c.memory.negative-length
    memcpy(to, from, end - 1);
}
