import ldap3
from flask import request
from ldap3.utils.conv import escape_filter_chars


def find(connection):
    name = request.form["name"]
    # ruleid: python.web.ldap-injection
    connection.search("ou=users", "(uid=" + name + ")")
    query = f"(&(objectclass=person)(uid={name}))"
    # ruleid: python.web.ldap-injection
    connection.search("ou=users", query, attributes=ldap3.ALL_ATTRIBUTES)
    # ruleid: python.web.ldap-injection
    connection.search_s("ou=users", 2, "(uid=%s)" % name)
    # ok: python.web.ldap-injection
    connection.search("ou=users", "(uid=" + escape_filter_chars(name) + ")")
    # ok: python.web.ldap-injection
    connection.search("ou=users", "(uid=admin)", attributes=[name])
    number = int(name)
    # ok: python.web.ldap-injection
    connection.search("ou=users", f"(number={number})")
