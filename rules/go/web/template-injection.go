package web

import (
	"net/http"
	"text/template"
)

func handler(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("text")
	// ruleid: go.web.template-injection
	template.New("a").Parse("<p>" + text)
	// ruleid: go.web.template-injection
	template.New("b").Parse(r.FormValue("layout"))
	tmpl := template.New("c")
	// ruleid: go.web.template-injection
	tmpl.Parse(text)
	// ok: go.web.template-injection
	template.New("d").Parse("<p>{{.}}")
	// ok: go.web.template-injection
	tmpl.Execute(w, text)
	// ok: go.web.template-injection
	when.Parse(text)
}
