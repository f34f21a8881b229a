import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import java.sql.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.sql-injection
        connection.createStatement().executeQuery("SELECT * FROM user WHERE name = '" + name + "'");
        String sql = "SELECT * FROM user WHERE name = '" + name + "'";
        // ruleid: java.web.sql-injection
        PreparedStatement built = connection.prepareStatement(sql);
        // ruleid: java.web.sql-injection
        jdbcTemplate.query(sql, new UserMapper());
        // ruleid: java.web.sql-injection
        entityManager.createNativeQuery(String.format("SELECT * FROM user WHERE name = '%s'", name));
        // ok: java.web.sql-injection
        PreparedStatement sound = connection.prepareStatement("SELECT * FROM user WHERE name = ?");
        // ok: java.web.sql-injection
        sound.setString(1, name);
        // ok: java.web.sql-injection
        jdbcTemplate.queryForObject("SELECT * FROM user WHERE name = ?", User.class, name);
        int page = Integer.parseInt(name);
        // ok: java.web.sql-injection
        connection.createStatement().executeQuery("SELECT * FROM user LIMIT " + page);
    }
}
