# ruleid: mvar-comparison
f(11)
f(5)
f(a)
