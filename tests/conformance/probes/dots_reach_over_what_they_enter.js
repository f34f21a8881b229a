function run(a) {
  begin();
  // ruleid: dots_reach_over_what_they_enter
  use(1);
  if (a) {
    end();
    // ruleid: dots_reach_over_what_they_enter
    use(2);
  }
  // ok: dots_reach_over_what_they_enter
  use(3);
}
