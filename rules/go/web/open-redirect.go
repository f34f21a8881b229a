package web

import (
	"net/http"
	"net/url"
)

func handler(w http.ResponseWriter, r *http.Request) {
	next := r.URL.Query().Get("next")
	// ruleid: go.web.open-redirect
	http.Redirect(w, r, next, http.StatusFound)
	// ruleid: go.web.open-redirect
	http.Redirect(w, r, r.FormValue("target"), 302)
	// ruleid: go.web.open-redirect
	w.Header().Set("Location", next)
	// ok: go.web.open-redirect
	http.Redirect(w, r, "/user/"+next, http.StatusFound)
	// ok: go.web.open-redirect
	http.Redirect(w, r, "/home", http.StatusFound)
	// ok: go.web.open-redirect
	http.Redirect(w, r, "/search?q="+url.QueryEscape(next), http.StatusFound)
}
