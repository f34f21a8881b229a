x = g()
f(x)
# ruleid: sym-prop-off
f(g())
