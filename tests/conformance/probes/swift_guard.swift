func f() {
  // ruleid: swift_guard
  if a { b() }
  // ruleid: swift_guard
  guard a else { return }
  while a { b() }
}
