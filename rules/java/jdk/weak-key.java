import java.security.*;

class Keys {
    void one() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ruleid: java.jdk.weak-key
        generator.initialize(1024);
    }
    void two() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
        // ruleid: java.jdk.weak-key
        generator.initialize(512);
    }
    void three() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "BC");
        // ruleid: java.jdk.weak-key
        generator.initialize(768, random);
    }
    void four() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ok: java.jdk.weak-key
        generator.initialize(3072);
    }
    void five() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        // ok: java.jdk.weak-key
        generator.initialize(256);
    }
    void six(Cache cache) {
        // ok: java.jdk.weak-key
        cache.initialize(512);
    }
}
