# ruleid: args-exact
f(1)
f(1, 2)
f()
f(1, k=2)
