import java.sql.*;

class Connections {
    void flawed(HikariConfig source) throws Exception {
        // ruleid: java.jdk.password-in-code
        DriverManager.getConnection("jdbc:h2:mem", "app", "summer-2024");
        // ruleid: java.jdk.password-in-code
        source.setPassword("summer-2024");
        // ruleid: java.jdk.password-in-code
        Object c = new PasswordAuthentication("app", "summer-2024".toCharArray());
    }
    void sound(HikariConfig source, String password) throws Exception {
        // ok: java.jdk.password-in-code
        DriverManager.getConnection("jdbc:h2:mem", "app", password);
        // ok: java.jdk.password-in-code
        source.setPassword(System.getenv("DB_PASSWORD"));
        // ok: java.jdk.password-in-code
        source.setPassword("");
    }
}
