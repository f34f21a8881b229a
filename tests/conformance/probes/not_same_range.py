f(1)
# ruleid: not-same-range
f(2)
# ruleid: not-same-range
f(f(1))
