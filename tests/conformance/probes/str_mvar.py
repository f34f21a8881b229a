# ruleid: str-mvar
f('abc')
f('xab')
f(ab)
