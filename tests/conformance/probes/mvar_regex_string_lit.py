f('abc')
# ruleid: mvar-regex-string-lit
f(abc)
