x = g()
# ruleid: sym-prop-on
f(x)
# ruleid: sym-prop-on
f(g())
