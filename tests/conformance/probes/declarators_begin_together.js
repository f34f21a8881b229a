// ruleid: declarators_begin_together
let first = 1,
  second = load("a");
// ruleid: declarators_begin_together
const third = load("a");
// ok: declarators_begin_together
const fourth = load("b"),
  fifth = 2;
