x = src(a)
sink(b, x)
# ruleid: t-unify-on
sink(a, x)
