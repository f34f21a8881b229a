#include <unistd.h>

void flawed(const char *path, struct stat *about) {
    // ruleid: c.stdlib.check-then-open
    if (access(path, W_OK) == 0) {
        f = fopen(path, "w");
    }
    // ruleid: c.stdlib.check-then-open
    if (!access(path, R_OK)) {
        int d = open(path, 0);
    }
    // ruleid: c.stdlib.check-then-open
    if (stat(path, about) == 0) {
        f = fopen(path, "r");
    }
}
void sound(const char *path, const char *other) {
    // ok: c.stdlib.check-then-open
    f = fopen(path, "w");
    // ok: c.stdlib.check-then-open
    if (access(path, W_OK) == 0) {
        f = fopen(other, "w");
    }
    // ok: c.stdlib.check-then-open
    if (access(path, F_OK) == 0) {
        print("there");
    }
}
