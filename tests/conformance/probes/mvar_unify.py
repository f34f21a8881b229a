# ruleid: mvar-unify
f(a, a)
f(a, b)
# ruleid: mvar-unify
f(g(1), g( 1 ))
# ruleid: mvar-unify
f('a', "a")
