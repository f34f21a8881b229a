f('a')
# ruleid: mvar-pattern-not
f(x)
