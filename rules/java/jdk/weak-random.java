import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import java.security.SecureRandom;

class Sample extends HttpServlet {
    void flawed() {
        // ruleid: java.jdk.weak-random
        Random random = new Random();
        // ruleid: java.jdk.weak-random
        double number = Math.random();
        // ruleid: java.jdk.weak-random
        float other = new java.util.Random().nextFloat();
    }

    void sound() {
        // ok: java.jdk.weak-random
        SecureRandom random = new SecureRandom();
        // ok: java.jdk.weak-random
        double number = random.nextDouble();
        // ok: java.jdk.weak-random
        long rounded = Math.round(number);
    }
}
