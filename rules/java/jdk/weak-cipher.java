import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import javax.crypto.Cipher;

class Sample extends HttpServlet {
    void flawed() throws Exception {
        // ruleid: java.jdk.weak-cipher
        Cipher.getInstance("DES/CBC/PKCS5Padding");
        // ruleid: java.jdk.weak-cipher
        Cipher.getInstance("AES/ECB/PKCS5Padding");
        // ruleid: java.jdk.weak-cipher
        Cipher.getInstance("RC4");
        // ruleid: java.jdk.weak-cipher
        javax.crypto.Cipher.getInstance("AES");
    }

    void sound() throws Exception {
        // ok: java.jdk.weak-cipher
        Cipher.getInstance("AES/GCM/NoPadding");
        // ok: java.jdk.weak-cipher
        Cipher.getInstance("AES/CBC/PKCS5Padding");
        // ok: java.jdk.weak-cipher
        Cipher.getInstance("ChaCha20-Poly1305");
    }
}
