# ruleid: kwargs-order
f(a=1, b=2)
# ruleid: kwargs-order
f(b=2, a=1)
f(a=1, b=2, c=3)
f(a=1)
