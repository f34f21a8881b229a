# ruleid: str-regex
f('abbc')
f('xyz')
f(b)
