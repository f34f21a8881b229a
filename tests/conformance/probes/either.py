# ruleid: either
a()
# ruleid: either
b()
c()
