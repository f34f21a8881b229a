x = src()
# ruleid: t-not-conflicting
sink(x)
sink(f(x))
