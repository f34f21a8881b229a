x = a()
sink(x)
y = b(x)
# ruleid: t-labels
sink(y)
sink(b(1))
