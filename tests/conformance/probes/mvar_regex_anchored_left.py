# ruleid: mvar-regex-anchored-left
f(abc)
f(xab)
