x = src()
# ruleid: t-sink-exact-default
sink(f(x))
sink(a if x else b)
