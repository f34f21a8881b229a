# ruleid: mvar-callee
f(1)
# ruleid: mvar-callee
a.b(1)
f(2)
