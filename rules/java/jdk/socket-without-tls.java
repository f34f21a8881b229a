class Plain {
    void flawed() throws Exception {
        // ruleid: java.jdk.socket-without-tls
        Object a = new FTPClient();
        // ruleid: java.jdk.socket-without-tls
        Object b = new TelnetClient();
        // ruleid: java.jdk.socket-without-tls
        Object c = new URL("ftp://example.org/list");
    }
    void sound() throws Exception {
        // ok: java.jdk.socket-without-tls
        Object a = new FTPSClient();
        // ok: java.jdk.socket-without-tls
        Object b = new URL("https://example.org/list");
        // ok: java.jdk.socket-without-tls
        Object c = new Client("ftp://example.org/list");
    }
}
