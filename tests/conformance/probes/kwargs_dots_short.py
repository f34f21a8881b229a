# ruleid: kwargs-dots-short
f(k=1)
# ruleid: kwargs-dots-short
f(2, k=1)
# ruleid: kwargs-dots-short
f(j=3, k=1)
f(2)
