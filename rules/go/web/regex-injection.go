package sample

import "net/http"

func handle(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go.web.regex-injection
	regexp.Compile(name)
	// ruleid: go.web.regex-injection
	regexp.MustCompile("^" + name)
	// ruleid: go.web.regex-injection
	regexp.MatchString(name, text)
	// ok: go.web.regex-injection
	regexp.Compile(regexp.QuoteMeta(name))
	// ok: go.web.regex-injection
	regexp.MatchString("[a-z]+", name)
	// ok: go.web.regex-injection
	path.Match(name, text)
}
