package example

import (
	"net/http"
)

// ruleid: go.stdlib.cookie-flags
var one = http.Cookie{Name: "a", Secure: true}
// ruleid: go.stdlib.cookie-flags
var two = &http.Cookie{Name: "a", HttpOnly: true, Secure: true}
// ruleid: go.stdlib.cookie-flags
var three = http.Cookie{HttpOnly: true}
// ok: go.stdlib.cookie-flags
var four = http.Cookie{Name: "a", Secure: true, HttpOnly: true}
// ok: go.stdlib.cookie-flags
var five = other.Cookie{Secure: false}
// ok: go.stdlib.cookie-flags
var six = http.Server{Addr: "a"}
