src(sink(ok))
# ruleid: t-source-exact
sink(src(1))
