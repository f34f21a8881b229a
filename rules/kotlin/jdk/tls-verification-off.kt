class Client {
    fun flawed() {
        // ruleid: kotlin.jdk.tls-verification-off
        builder.hostnameVerifier { _, _ -> true }
        // ruleid: kotlin.jdk.tls-verification-off
        builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE)
        // ruleid: kotlin.jdk.tls-verification-off
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
    }
    val accepting = object : X509TrustManager {
        // ruleid: kotlin.jdk.tls-verification-off
        override fun checkServerTrusted(chain: Array<X509Certificate>, kind: String) {}
    }
    val checking = object : X509TrustManager {
        // ok: kotlin.jdk.tls-verification-off
        override fun checkServerTrusted(chain: Array<X509Certificate>, kind: String) {
            inner.checkServerTrusted(chain, kind)
        }
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
