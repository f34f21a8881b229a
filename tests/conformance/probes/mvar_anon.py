# ruleid: mvar-anon
f(a, b)
# ruleid: mvar-anon
f(a, a)
f(a)
