// ruleid: obj-dots
f({a: 1});
// ruleid: obj-dots
f({b: 2, a: 1, c: 3});
// ruleid: obj-dots
f({'a': 1});
f({a: 2});
