#include <string.h>

void flawed(char *password, struct user *user) {
    // ruleid: c.memory.secret-not-wiped
    memset(password, 0, 20);
    // ruleid: c.memory.secret-not-wiped
    memset(user->secret, 0, sizeof(user->secret));
    // ruleid: c.memory.secret-not-wiped
    bzero(private_key, 32);
}
void sound(char *password, char *page) {
    // ok: c.memory.secret-not-wiped
    explicit_bzero(password, 20);
    // ok: c.memory.secret-not-wiped
    memset(page, 0, 20);
    // ok: c.memory.secret-not-wiped
    memset(password, 'x', 20);
}
