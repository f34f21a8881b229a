class A {
  void run() {
    // ruleid: declarators_of_a_type
    Stream first = other(),
        second = load(1);
    second.close();
    // ok: declarators_of_a_type
    Stream third = load(1);
    third.open();
  }
}
