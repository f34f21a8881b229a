// ruleid: either-stmt-expr
function f() { return 1; }
function g() { return; }
