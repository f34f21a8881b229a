# ruleid: mvar-pattern-either
f(1)
# ruleid: mvar-pattern-either
f(2)
f(3)
