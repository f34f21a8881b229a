# ruleid: mvar-pattern
f(g(1))
# ruleid: mvar-pattern
f(h(g(1)))
f(h(1))
