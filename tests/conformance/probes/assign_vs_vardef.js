// ruleid: assign-vs-vardef
x = f();
// ruleid: assign-vs-vardef
var a = f();
// ruleid: assign-vs-vardef
let b = f();
// ruleid: assign-vs-vardef
const c = f();
// ruleid: assign-vs-vardef
a.b = f();
