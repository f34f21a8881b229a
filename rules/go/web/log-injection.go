package web

import (
	"net/http"
	"log"
	"strconv"
)

func handler(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go.web.log-injection
	log.Println("user", name)
	// ruleid: go.web.log-injection
	log.Printf("user %s", r.FormValue("name"))
	// ruleid: go.web.log-injection
	log.Print("user " + name)
	// ok: go.web.log-injection
	log.Printf("user %q", name)
	// ok: go.web.log-injection
	log.Print("user " + strconv.Quote(name))
	// ok: go.web.log-injection
	log.Print("user")
}
