# ruleid: args-mvar-many
f(9)
# ruleid: args-mvar-many
f(1, 2, 9, 3)
f(1)
