package p
func g() {
  // ruleid: go-short-assign
  x := f()
  // ruleid: go-short-assign
  x = f()
  // ruleid: go-short-assign
  var y = f()
}
