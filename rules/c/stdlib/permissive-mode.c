#include <sys/stat.h>

void flawed(const char *path) {
    // ruleid: c.stdlib.permissive-mode
    chmod(path, 0777);
    // ruleid: c.stdlib.permissive-mode
    open(path, O_CREAT, 0666);
    // ruleid: c.stdlib.permissive-mode
    umask(0);
}
void sound(const char *path) {
    // ok: c.stdlib.permissive-mode
    chmod(path, 0640);
    // ok: c.stdlib.permissive-mode
    open(path, O_CREAT, S_IRUSR | S_IWUSR);
    // ok: c.stdlib.permissive-mode
    umask(077);
}
