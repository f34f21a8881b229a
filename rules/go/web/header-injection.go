package sample

import (
    "net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
    name := r.FormValue("name")

    // ruleid: go.web.header-injection
    w.Header().Set("X-Name", name)
    // ruleid: go.web.header-injection
    w.Header().Add("X-Name", "n="+name)
    // ruleid: go.web.header-injection
    w.Header().Set(name, "1")
    // ok: go.web.header-injection
    w.Header().Set("X-Name", url.QueryEscape(name))
    // ok: go.web.header-injection
    w.Header().Set("X-Name", "fixed")
    // ok: go.web.header-injection
    table.Set("X-Name", name)
}
