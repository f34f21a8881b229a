#include <string.h>

void flawed(char *text) {
    // ruleid: c.stdlib.obsolete-function
    char *a = strtok(text, ",");
    // ruleid: c.stdlib.obsolete-function
    getpw(3, text);
    // ruleid: c.stdlib.obsolete-function
    char *c = getpass("word: ");
}
void sound(char *text, char **rest) {
    // ok: c.stdlib.obsolete-function
    char *a = strtok_r(text, ",", rest);
    // ok: c.stdlib.obsolete-function
    struct passwd *p = getpwuid(3);
    // ok: c.stdlib.obsolete-function
    char *c = own_getpass("word: ");
}
