package sample

import (
    "net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
    name := r.FormValue("name")

    // ruleid: go.web.xpath-injection
    xpath.Compile("//user[@name='" + name + "']")
    // ruleid: go.web.xpath-injection
    xmlquery.Find(top, "//user[@name='"+name+"']")
    // ruleid: go.web.xpath-injection
    etree.CompilePath("./user[" + name + "]")
    // ok: go.web.xpath-injection
    xmlquery.Find(top, "//user")
    // ok: go.web.xpath-injection
    xpath.Compile("//user[" + strconv.Itoa(number(name)) + "]")
    // ok: go.web.xpath-injection
    list.Find(top, name)
}
