// ruleid: obj-any-order
x = {a: 1};
// ruleid: obj-any-order
x = {a: 1, b: 2};
// ruleid: obj-any-order
x = {b: 2, a: 1};
x = {a: 2};
