package web

import (
	"net/http"
	"fmt"
	"net/url"
	"strings"
)

func handler(w http.ResponseWriter, r *http.Request) {
	target := r.URL.Query().Get("url")
	// ruleid: go.web.server-side-request-forgery
	http.Get(target)
	// ruleid: go.web.server-side-request-forgery
	http.Post(r.FormValue("hook"), "text/plain", nil)
	// ruleid: go.web.server-side-request-forgery
	http.NewRequest("GET", fmt.Sprintf("http://%s/status", r.PostFormValue("host")), nil)
	// ok: go.web.server-side-request-forgery
	http.Get("https://api.example.com/item/" + target)
	// ok: go.web.server-side-request-forgery
	http.Get("https://api.example.com/?q=" + url.QueryEscape(target))
	// ok: go.web.server-side-request-forgery
	http.Post("https://api.example.com/", "text/plain", strings.NewReader(target))
}
