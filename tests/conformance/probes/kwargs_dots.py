# ruleid: kwargs-dots
f(k=1)
# ruleid: kwargs-dots
f(2, k=1)
# ruleid: kwargs-dots
f(j=3, k=1)
# ruleid: kwargs-dots
f(k=1, j=3)
f(1)
