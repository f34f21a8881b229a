import java.security.MessageDigest;

class Fixture {
    private static final String NAME = "SHA1";

    void flawed() throws Exception {
        // ruleid: java.crypto.weak-hash
        MessageDigest.getInstance("MD5");
        // ruleid: java.crypto.weak-hash
        MessageDigest.getInstance("sha-1");
        // ruleid: java.crypto.weak-hash
        MessageDigest.getInstance(NAME);
    }

    void sound(String name) throws Exception {
        // ok: java.crypto.weak-hash
        MessageDigest.getInstance("SHA-256");
        // ok: java.crypto.weak-hash
        MessageDigest.getInstance("SHA-512");
        // ok: java.crypto.weak-hash
        MessageDigest.getInstance(name);
    }
}
