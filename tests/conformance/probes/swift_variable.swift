func f() {
  // ruleid: swift_variable
  var a = 1
  let b = 1
  var (c, d) = e
}
