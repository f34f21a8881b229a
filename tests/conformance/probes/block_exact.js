// ruleid: block-exact
function f() { b(); }
function f() { b(); c(); }
