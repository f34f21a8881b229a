# ruleid: t-source-exact-default
src(sink(ok))
