char *one(int n) {
    char text[20];
    fill(text, n);
    // ruleid: c.memory.address-of-local
    return text;
}
int *two(int n) {
    int value = n;
    // ruleid: c.memory.address-of-local
    return &value;
}
struct user *three(void) {
    struct user own = make();
    // ruleid: c.memory.address-of-local
    return &own;
}
char *four(int n) {
    static char text[20];
    // ok: c.memory.address-of-local
    return text;
}
char *five(char *given) {
    given[0] = 0;
    // ok: c.memory.address-of-local
    return given;
}
int six(int n) {
    int value = n;
    // ok: c.memory.address-of-local
    return value;
}
