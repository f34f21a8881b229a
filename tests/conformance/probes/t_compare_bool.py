x = src()
# ruleid: t-compare-bool
sink(x == 1)
# ruleid: t-compare-bool
sink(not x)
