x = src()
# ruleid: t-basic
sink(x)
sink(1)
# ruleid: t-basic
sink(src())
y = f(x)
# ruleid: t-basic
sink(y)
z = x + 1
# ruleid: t-basic
sink(z)
