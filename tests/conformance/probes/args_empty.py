# ruleid: args-empty
f()
f(1)
