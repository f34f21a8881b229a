package web

import (
	"net/http"
	"os"
	"path/filepath"
)

func handler(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go.web.path-traversal
	os.ReadFile("files/" + name)
	// ruleid: go.web.path-traversal
	os.Open(filepath.Join("files", r.FormValue("name")))
	// ruleid: go.web.path-traversal
	http.ServeFile(w, r, name)
	// ok: go.web.path-traversal
	os.ReadFile("files/" + filepath.Base(name))
	// ok: go.web.path-traversal
	os.ReadFile("files/index.html")
	// ok: go.web.path-traversal
	os.WriteFile("files/last.txt", []byte(name), 0o600)
}
