# ruleid: regex-leaf
abbc
x = 1
# ruleid: regex-leaf
# bc
