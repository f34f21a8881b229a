#include <openssl/sha.h>

void flawed(const char *text) {
    // ruleid: c.stdlib.weak-hash
    MD5(text, 3, out);
    // ruleid: c.stdlib.weak-hash
    SHA1(text, 3, out);
    // ruleid: c.stdlib.weak-hash
    EVP_DigestInit_ex(cx, EVP_md5(), 0);
}
void sound(const char *text) {
    // ok: c.stdlib.weak-hash
    SHA256(text, 3, out);
    // ok: c.stdlib.weak-hash
    EVP_DigestInit_ex(cx, EVP_sha256(), 0);
    // ok: c.stdlib.weak-hash
    describe_MD5(text);
}
