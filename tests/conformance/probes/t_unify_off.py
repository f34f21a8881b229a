x = src(a)
# ruleid: t-unify-off
sink(b, x)
