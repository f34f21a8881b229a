import java.io.File;
import java.nio.file.Files;

class Temporary {
    void flawed() throws Exception {
        // ruleid: java.jdk.insecure-temporary-file
        File a = File.createTempFile("report", ".txt");
        // ruleid: java.jdk.insecure-temporary-file
        File b = File.createTempFile("report", ".txt", folder);
        // ruleid: java.jdk.insecure-temporary-file
        use(File.createTempFile("x", null));
    }
    void sound() throws Exception {
        // ok: java.jdk.insecure-temporary-file
        Object a = Files.createTempFile("report", ".txt");
        // ok: java.jdk.insecure-temporary-file
        Object b = Files.createTempDirectory("report");
        // ok: java.jdk.insecure-temporary-file
        Object c = Own.createTempFile("report");
    }
}
