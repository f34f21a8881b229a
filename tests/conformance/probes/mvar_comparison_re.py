# ruleid: mvar-comparison-re
f('abc')
f('xbc')
