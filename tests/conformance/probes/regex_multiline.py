# ruleid: regex-multiline
x = 1
y = x
# ruleid: regex-multiline
x
