package p
func g() {
  // ruleid: go-short-assign-pat
  x := f()
  x = f()
}
