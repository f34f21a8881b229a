# ruleid: plus-assoc
z = a + b
# ruleid: plus-assoc
z = a + b + c
z = b + a
