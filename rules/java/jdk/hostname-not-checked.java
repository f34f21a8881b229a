import javax.net.ssl.*;

class Accepting implements HostnameVerifier {
    // ruleid: java.jdk.hostname-not-checked
    public boolean verify(String host, SSLSession session) { return true; }
}

class Checking implements HostnameVerifier {
    // ok: java.jdk.hostname-not-checked
    public boolean verify(String host, SSLSession session) { return host.equals("internal.example.org"); }
}

class Sample {
    void flawed(HttpsURLConnection connection) {
        // ruleid: java.jdk.hostname-not-checked
        connection.setHostnameVerifier((host, session) -> true);
        // ruleid: java.jdk.hostname-not-checked
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        // ruleid: java.jdk.hostname-not-checked
        client.hostnameVerifier((a, b) -> true);
    }
    void sound(HttpsURLConnection connection) {
        // ok: java.jdk.hostname-not-checked
        connection.setHostnameVerifier(OkHostnameVerifier.INSTANCE);
        // ok: java.jdk.hostname-not-checked
        connection.setRequestProperty("Accept", "text/plain");
    }
    // ok: java.jdk.hostname-not-checked
    public boolean verify(String password) { return true; }
}
