class Client {
    fun flawed() {
        // ruleid: kotlin.jdk.tls-verification-off
        builder.hostnameVerifier { _, _ -> true }
        // ruleid: kotlin.jdk.tls-verification-off
        builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE)
        // ruleid: kotlin.jdk.tls-verification-off
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
    }
    fun sound() {
        // ok: kotlin.jdk.tls-verification-off
        builder.hostnameVerifier { host, _ -> host == "example.org" }
        // ok: kotlin.jdk.tls-verification-off
        builder.setSSLHostnameVerifier(DefaultHostnameVerifier())
        // ok: kotlin.jdk.tls-verification-off
        builder.trustManager(own)
    }
}
