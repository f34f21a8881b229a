#include <unistd.h>

int flawed(void) {
    // ruleid: c.stdlib.privileges-kept
    setuid(1000);
    // ruleid: c.stdlib.privileges-kept
    setgid(1000);
    // ruleid: c.stdlib.privileges-kept
    chroot("/srv");
}
int sound(void) {
    // ok: c.stdlib.privileges-kept
    if (setuid(1000) != 0) { abort(); }
    // ok: c.stdlib.privileges-kept
    int r = setgid(1000);
    // ok: c.stdlib.privileges-kept
    getuid();
}
