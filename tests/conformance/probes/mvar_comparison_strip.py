# ruleid: mvar-comparison-strip
f('0o17')
