#include <openssl/evp.h>

void flawed(EVP_CIPHER_CTX *cx) {
    // ruleid: c.stdlib.weak-cipher
    EVP_EncryptInit_ex(cx, EVP_des_cbc(), 0, key, iv);
    // ruleid: c.stdlib.weak-cipher
    EVP_EncryptInit_ex(cx, EVP_aes_256_ecb(), 0, key, iv);
    // ruleid: c.stdlib.weak-cipher
    RC4(&state, n, in, out);
}
void sound(EVP_CIPHER_CTX *cx) {
    // ok: c.stdlib.weak-cipher
    EVP_EncryptInit_ex(cx, EVP_aes_256_gcm(), 0, key, iv);
    // ok: c.stdlib.weak-cipher
    EVP_EncryptInit_ex(cx, EVP_chacha20_poly1305(), 0, key, iv);
    // ok: c.stdlib.weak-cipher
    describe_EVP(cx);
}
