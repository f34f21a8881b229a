# ruleid: mvar-not-binop-call
f(1, 2)
x = 1 + 2
