package p

import "net/http"

func f(w http.ResponseWriter) {
	// ruleid: type_is_no_value
	g(http.StatusOK)
}
