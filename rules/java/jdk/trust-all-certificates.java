import javax.net.ssl.*;
import java.security.cert.*;

class Accepting implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String kind) { }
    // ruleid: java.jdk.trust-all-certificates
    public void checkServerTrusted(X509Certificate[] chain, String kind) { }
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
}

class Checking implements X509TrustManager {
    private X509TrustManager inner;
    public void checkClientTrusted(X509Certificate[] chain, String kind) { }
    // ok: java.jdk.trust-all-certificates
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        inner.checkServerTrusted(chain, kind);
    }
    public X509Certificate[] getAcceptedIssuers() { return inner.getAcceptedIssuers(); }
}

class Listener {
    // ok: java.jdk.trust-all-certificates
    public void checkServerTrusted(X509Certificate[] chain, String kind) { }
}

class Uses {
    void flawed() {
        TrustManager[] all = new TrustManager[] { new X509TrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String kind) { }
            // ruleid: java.jdk.trust-all-certificates
            public void checkServerTrusted(X509Certificate[] chain, String kind) { }
            public X509Certificate[] getAcceptedIssuers() { return null; }
        } };
        // ruleid: java.jdk.trust-all-certificates
        builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);
        // ruleid: java.jdk.trust-all-certificates
        builder.loadTrustMaterial(null, TrustAllStrategy.INSTANCE);
    }
    void sound() {
        // ok: java.jdk.trust-all-certificates
        builder.setSSLHostnameVerifier(new DefaultHostnameVerifier());
    }
}
