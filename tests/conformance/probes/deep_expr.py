# ruleid: deep-expr
f(x)
# ruleid: deep-expr
f(g(1 + x))
# ruleid: deep-expr
f([x])
f(y)
