# ruleid: int-value
f(8)
# ruleid: int-value
f(0x8)
f(9)
