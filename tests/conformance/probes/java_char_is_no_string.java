class A {
  void a(char c, String s) {
    if (c == 'x') { b(); }
    // ruleid: java_char_is_no_string
    if (c == s) { b(); }
  }
}
