class Fixture {
    void flawed(Runtime runtime, String host) throws Exception {
        // ruleid: java.jdk.shell-command-from-variable
        Runtime.getRuntime().exec("ping " + host);
        // ruleid: java.jdk.shell-command-from-variable
        runtime.exec("ping " + host);
        // ruleid: java.jdk.shell-command-from-variable
        new ProcessBuilder("sh", "-c", "ping " + host);
    }

    void sound(Runtime runtime, String host) throws Exception {
        // ok: java.jdk.shell-command-from-variable
        new ProcessBuilder("ping", host);
        // ok: java.jdk.shell-command-from-variable
        runtime.exec(new String[] {"ping", host});
        // ok: java.jdk.shell-command-from-variable
        runtime.exec("ping localhost");
    }
}
