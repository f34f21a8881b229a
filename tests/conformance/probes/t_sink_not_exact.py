x = src()
# ruleid: t-sink-not-exact
sink(a if x else b)
