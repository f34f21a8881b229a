x = src()
sink(f(x))
# ruleid: t-safe-functions-focus
sink(x)
