func f() {
  // ruleid: swift_try
  try a()
  // ruleid: swift_try
  try? b()
  c()
}
