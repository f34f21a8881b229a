#include <stdlib.h>

void flawed(void) {
    char *path = getenv("DATA");
    // ruleid: c.stdlib.path-from-environment
    FILE *f = fopen(path, "r");
    // ruleid: c.stdlib.path-from-environment
    unlink(getenv("LOCK"));
    // ruleid: c.stdlib.path-from-environment
    dlopen(path, 0);
}
void sound(const char *path) {
    // ok: c.stdlib.path-from-environment
    FILE *f = fopen("/etc/app.conf", "r");
    // ok: c.stdlib.path-from-environment
    unlink(path);
    // ok: c.stdlib.path-from-environment
    print(getenv("HOME"));
}
