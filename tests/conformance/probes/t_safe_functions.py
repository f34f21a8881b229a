x = src()
sink(f(x))
# ruleid: t-safe-functions
sink(x)
