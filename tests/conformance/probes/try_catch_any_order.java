class A { void m() {
  // ruleid: try-catch-any-order
  try { a(); } catch (IOException e) { b(); }
  // ruleid: try-catch-any-order
  try { a(); } catch (Foo f) { } catch (IOException e) { b(); }
  try { a(); } catch (Foo f) { }
} }
