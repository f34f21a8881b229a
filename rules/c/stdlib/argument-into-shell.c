#include <stdlib.h>

int main(int argc, char **argv) {
    char line[200];
    sprintf(line, "ls %s", argv[1]);
    // ruleid: c.stdlib.argument-into-shell
    system(line);
    // ruleid: c.stdlib.argument-into-shell
    popen(getenv("PAGER"), "w");
    // ruleid: c.stdlib.argument-into-shell
    system(argv[2]);
    // ok: c.stdlib.argument-into-shell
    system("ls");
    sprintf(line, "ls %d", atoi(argv[1]));
    // ok: c.stdlib.argument-into-shell
    execv("/bin/ls", argv);
    // ok: c.stdlib.argument-into-shell
    print(line);
}
