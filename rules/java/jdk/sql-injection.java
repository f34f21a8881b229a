import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;

class Fixture {
    private static final String TABLE = "user";

    void flawed(Connection connection, Statement statement, String name) throws Exception {
        // ruleid: java.jdbc.sql-statement-from-variable
        statement.executeQuery("SELECT id FROM user WHERE name = '" + name + "'");
        // ruleid: java.jdbc.sql-statement-from-variable
        statement.executeUpdate("DELETE FROM user WHERE name = " + name);
        // ruleid: java.jdbc.sql-statement-from-variable
        statement.executeQuery(String.format("SELECT id FROM user WHERE name = '%s'", name));
    }

    void sound(Connection connection, Statement statement, String name) throws Exception {
        // ok: java.jdbc.sql-statement-from-variable
        PreparedStatement prepared = connection.prepareStatement("SELECT id FROM user WHERE name = ?");
        prepared.setString(1, name);
        // ok: java.jdbc.sql-statement-from-variable
        statement.executeQuery("SELECT id FROM user");
        // ok: java.jdbc.sql-statement-from-variable
        statement.executeQuery("SELECT id FROM " + TABLE);
    }
}
