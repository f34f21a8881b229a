# ruleid: not-inside
f(1)
g(f(1))
g(1, h(f(2)))
