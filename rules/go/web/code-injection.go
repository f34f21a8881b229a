package sample

import (
    "net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
    name := r.FormValue("name")

    // ruleid: go.web.code-injection
    otto.New().Run("x = " + name)
    // ruleid: go.web.code-injection
    goja.New().RunString(name)
    // ruleid: go.web.code-injection
    plugin.Open("/opt/" + name)
    // ok: go.web.code-injection
    otto.New().Run("x = 1")
    // ok: go.web.code-injection
    plugin.Open("/opt/fixed.so")
    // ok: go.web.code-injection
    job.Run(name)
}
