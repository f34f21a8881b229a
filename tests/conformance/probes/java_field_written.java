class Kept {
  private boolean open = false;
  void run() {
    // ruleid: java_field_written
    if (open) { stop(); }
  }
}
class Written {
  private boolean open = false;
  void run() {
    // ok: java_field_written
    if (open) { stop(); }
  }
  void set(boolean value) { this.open = value; }
}
class Elsewhere extends Base {
  void run() {
    // ok: java_field_written
    if (ready) { stop(); }
    ready = true;
  }
}
