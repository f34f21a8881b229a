# ruleid: dedup-same-range
f(1)
# ruleid: dedup-same-range
f(2)
