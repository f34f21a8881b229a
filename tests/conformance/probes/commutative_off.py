# ruleid: commutative-off
x == 1
1 == x
