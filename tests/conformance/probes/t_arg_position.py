x = src()
# ruleid: t-arg-position
sink(x, 1)
sink(1, x)
