// ok: declarator_alone
let first = 1,
  // ruleid: declarator_alone
  second = load("a");
// ruleid: declarator_alone
const third = load("a");
