#include <curl/curl.h>

void flawed(CURL *curl, SSL_CTX *cx) {
    // ruleid: c.stdlib.tls-verification-off
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    // ruleid: c.stdlib.tls-verification-off
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    // ruleid: c.stdlib.tls-verification-off
    SSL_CTX_set_verify(cx, SSL_VERIFY_NONE, NULL);
}
void sound(CURL *curl, SSL_CTX *cx) {
    // ok: c.stdlib.tls-verification-off
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    // ok: c.stdlib.tls-verification-off
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);
    // ok: c.stdlib.tls-verification-off
    SSL_CTX_set_verify(cx, SSL_VERIFY_PEER, NULL);
}
