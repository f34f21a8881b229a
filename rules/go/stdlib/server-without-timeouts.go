package example

import (
	"net/http"
)

func serve() {
	// ruleid: go.stdlib.server-without-timeouts
	http.ListenAndServe(":8080", nil)
	// ruleid: go.stdlib.server-without-timeouts
	http.ListenAndServeTLS(":8443", "a", "b", nil)
	// ruleid: go.stdlib.server-without-timeouts
	http.Serve(listener, nil)
	server := &http.Server{Addr: ":8080", ReadHeaderTimeout: limit}
	// ok: go.stdlib.server-without-timeouts
	server.ListenAndServe()
	// ok: go.stdlib.server-without-timeouts
	server.Serve(listener)
	// ok: go.stdlib.server-without-timeouts
	other.ListenAndServe(":8080", nil)
}
