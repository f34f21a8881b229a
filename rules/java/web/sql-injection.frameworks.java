import jakarta.servlet.http.*;
import jakarta.ws.rs.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.reactive.function.server.*;

@RestController
class Spring {
    @GetMapping("/a")
    String find(@RequestParam String name, @RequestParam int page) {
        // ok: java.web.sql-injection
        jdbcTemplate.query("select * from t limit " + page, mapper);
        // ruleid: java.web.sql-injection
        return jdbcTemplate.queryForObject("select * from t where name = '" + name + "'", mapper);
    }

    @PostMapping("/b")
    String make(@RequestBody NewUser user, @RequestHeader("X-Name") String header) {
        // ruleid: java.web.sql-injection
        jdbcTemplate.update("insert into t values ('" + header + "')");
        // ruleid: java.web.sql-injection
        return jdbcTemplate.queryForObject("select * from t where name = '" + user.getName() + "'", mapper);
    }

    @PostMapping("/c")
    void upload(MultipartFile file) {
        // ruleid: java.web.sql-injection
        statement.executeQuery("select * from t where name = '" + file.getOriginalFilename() + "'");
    }

    Mono<ServerResponse> reactive(ServerRequest request) {
        String name = request.queryParam("name").get();
        // ruleid: java.web.sql-injection
        statement.executeQuery("select * from t where name = '" + name + "'");
        return null;
    }
}

class Rest {
    @GET
    String find(@QueryParam("name") String name, @PathParam("id") Long id) {
        // ok: java.web.sql-injection
        statement.executeQuery("select * from t where id = " + id);
        // ruleid: java.web.sql-injection
        statement.executeQuery("select * from t where name = '" + name + "'");
        return "";
    }

    String context(UriInfo uri) {
        String name = uri.getQueryParameters().getFirst("name");
        // ruleid: java.web.sql-injection
        statement.executeQuery("select * from t where name = '" + name + "'");
        return "";
    }
}

class Servlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        StringBuilder text = new StringBuilder("select * from t where name = '");
        text.append(request.getParameter("name"));
        // ruleid: java.web.sql-injection
        statement.executeQuery(text.toString());
        java.util.List<String> names = new java.util.ArrayList<>();
        names.add(request.getHeader("X-Name"));
        // ruleid: java.web.sql-injection
        statement.executeQuery("select * from t where name = '" + names.get(0) + "'");
        // ok: java.web.sql-injection
        statement.executeQuery("select * from t where id = " + Long.parseLong(request.getParameter("id")));
    }
}
