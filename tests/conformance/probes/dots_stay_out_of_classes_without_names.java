class A {
  void one() {
    // ruleid: dots_stay_out_of_classes_without_names
    begin();
    run(() -> { end(); });
  }
  void two() {
    // ok: dots_stay_out_of_classes_without_names
    begin();
    run(new Task() { void go() { end(); } });
  }
}
