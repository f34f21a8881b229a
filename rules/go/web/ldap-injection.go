package sample

import (
    "net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
    name := r.FormValue("name")

    // ruleid: go.web.ldap-injection
    ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, "(uid="+name+")", nil, nil)
    // ruleid: go.web.ldap-injection
    ldap.NewSearchRequest("ou="+name+",dc=example", 2, 0, 0, 0, false, "(uid=a)", nil, nil)
    // ruleid: go.web.ldap-injection
    ldap.CompileFilter("(cn=" + name + ")")
    // ok: go.web.ldap-injection
    ldap.CompileFilter("(cn=" + ldap.EscapeFilter(name) + ")")
    // ok: go.web.ldap-injection
    ldap.CompileFilter("(cn=fixed)")
    // ok: go.web.ldap-injection
    ldap.ParseDN(name)
}
