package web

import (
	"net/http"
	"fmt"
	"html"
	"html/template"
	"io"
)

func handler(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go.web.cross-site-scripting
	fmt.Fprintf(w, "<h1>Hello %s</h1>", name)
	// ruleid: go.web.cross-site-scripting
	w.Write([]byte("<p>" + r.FormValue("text") + "</p>"))
	// ruleid: go.web.cross-site-scripting
	io.WriteString(w, name)
	// ruleid: go.web.cross-site-scripting
	markup := template.HTML("<b>" + name + "</b>")
	// ok: go.web.cross-site-scripting
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(name))
	// ok: go.web.cross-site-scripting
	w.Write([]byte("<p>fixed</p>"))
	// ok: go.web.cross-site-scripting
	page.Execute(w, map[string]any{"name": name, "markup": markup})
}
