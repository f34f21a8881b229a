package example

import (
	"crypto/tls"
	"net"
	"net/http"
)

func listen() {
	// ruleid: go.stdlib.bind-all
	net.Listen("tcp", "0.0.0.0:8080")
	// ruleid: go.stdlib.bind-all
	http.ListenAndServe(":8080", nil)
	// ruleid: go.stdlib.bind-all
	tls.Listen("tcp", "0.0.0.0:443", nil)
	// ok: go.stdlib.bind-all
	net.Listen("tcp", "127.0.0.1:8080")
	// ok: go.stdlib.bind-all
	http.ListenAndServe("localhost:8080", nil)
	// ok: go.stdlib.bind-all
	net.Dial("tcp", "0.0.0.0:8080")
}
