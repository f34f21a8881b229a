import javax.crypto.spec.*;

class Ciphers {
    void flawed() {
        // ruleid: java.jdk.fixed-initialization-vector
        Object a = new IvParameterSpec("0123456789abcdef".getBytes());
        // ruleid: java.jdk.fixed-initialization-vector
        Object b = new IvParameterSpec(new byte[16]);
        // ruleid: java.jdk.fixed-initialization-vector
        Object c = new GCMParameterSpec(128, new byte[12]);
    }
    void sound(SecureRandom random) {
        byte[] vector = new byte[16];
        random.nextBytes(vector);
        // ok: java.jdk.fixed-initialization-vector
        Object a = new IvParameterSpec(vector);
        // ok: java.jdk.fixed-initialization-vector
        Object b = new GCMParameterSpec(128, vector);
        // ok: java.jdk.fixed-initialization-vector
        Object c = new SecretKeySpec(vector, "AES");
    }
}
