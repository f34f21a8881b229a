package p
func h(w http.ResponseWriter, r *http.Request) {
  // ruleid: go-typed-mvar
  r.FormValue("a")
  w.FormValue("a")
}
