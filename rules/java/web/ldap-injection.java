import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import javax.naming.directory.*;

class Sample extends HttpServlet {
    public void find(HttpServletRequest request, DirContext context, SearchControls controls) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.ldap-injection
        context.search("ou=users", "(uid=" + name + ")", controls);
        String filter = "(&(objectclass=person)(uid=" + name + "))";
        // ruleid: java.web.ldap-injection
        context.search("ou=users", filter, controls);
        // ruleid: java.web.ldap-injection
        context.search("ou=users", String.format("(uid=%s)", name), controls);
        // ok: java.web.ldap-injection
        context.search("ou=users", "(uid={0})", new Object[] {name}, controls);
        // ok: java.web.ldap-injection
        context.search("ou=users", "(uid=" + LdapEncoder.filterEncode(name) + ")", controls);
        // ok: java.web.ldap-injection
        context.search("ou=users", "(uid=admin)", controls);
    }
}
