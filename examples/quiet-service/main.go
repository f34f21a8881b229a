// Command quiet answers greetings, safely.
package main

import (
	"html/template"
	"log"
	"net/http"
	"time"
)

var page = template.Must(template.New("page").Parse("<p>Hello {{.}}</p>"))

func greet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, r.URL.Query().Get("name")); err != nil {
		log.Printf("failed to write the page: %v", err)
	}
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /greet", greet)
	server := &http.Server{
		Addr:              "127.0.0.1:8322",
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
