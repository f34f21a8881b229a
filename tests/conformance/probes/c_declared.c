struct item { int n; };
// ok: c-pointer, c-array
int number;
// ruleid: c-pointer
char *pointer;
// ruleid: c-array
char buffer[10];
// ruleid: c-prototype
int declared(int a);

// ruleid: c-pointer-result, c-pointer-parameter
char *named(const char *a, char b[]) {
    return a;
}

// ok: c-pointer-parameter
// ruleid: c-definition
int main(int argc, char *argv[]) {
    // ok: c-pointer, c-array, c-open-array, c-char-pointer
    // ruleid: c-plain-char
    char c = 0;
    // ok: c-plain-char, c-text
    // ruleid: c-char-pointer
    char *p = malloc(10);
    // ok: c-open-array, c-plain-char, c-char-pointer
    // ruleid: c-text
    char sized[4] = "abc";
    // ruleid: c-open-array, c-text
    char open[] = "abc";
    // ok: c-text
    // ruleid: c-plain-char
    char d = 'x';
    struct item one;
    struct item *two = &one;
    // ok: c-arrow
    one.n = 1;
    // ruleid: c-arrow
    two->n = 2;
    // ruleid: c-default, c-switch
    switch (one.n) {
        case 1:
            c = 1;
            break;
        default:
            c = 2;
    }
    // ok: c-default
    // ruleid: c-switch
    switch (c) {
        case 2:
            c = 3;
    }
    // ruleid: c-name
    puts(argv[1]);
    // ok: c-long
    // ruleid: c-int
    return 0;
}
