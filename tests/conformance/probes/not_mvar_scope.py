# ruleid: not-mvar-scope
f(a)
# ruleid: not-mvar-scope
f(a + 1)
