# ruleid: args-dots
f(1)
# ruleid: args-dots
f(2, 1)
# ruleid: args-dots
f(1, 2)
f()
f(2)
f(k=1)
