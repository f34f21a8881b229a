// ruleid: expr-stmt-deep
foo();
// ruleid: expr-stmt-deep
x = foo();
// ruleid: expr-stmt-deep
var y = foo();
// ruleid: expr-stmt-deep
bar(foo());
