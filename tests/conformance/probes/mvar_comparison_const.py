k = 11
# ruleid: mvar-comparison-const
f(k)
