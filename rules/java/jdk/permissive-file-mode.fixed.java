import java.io.File;

class Modes {
    void flawed(File file) {
        // ruleid: java.jdk.permissive-file-mode
        file.setWritable(true, true);
        // ruleid: java.jdk.permissive-file-mode
        file.setExecutable(true, true);
        // ruleid: java.jdk.permissive-file-mode
        PosixFilePermissions.fromString("rwxrwxrwx");
    }
    void sound(File file) {
        // ok: java.jdk.permissive-file-mode
        file.setWritable(true);
        // ok: java.jdk.permissive-file-mode
        file.setExecutable(true, true);
        // ok: java.jdk.permissive-file-mode
        PosixFilePermissions.fromString("rwxr-x---");
    }
}
