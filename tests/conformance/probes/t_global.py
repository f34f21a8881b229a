X = src()
# ruleid: t-global
sink(X)
def f():
    # ruleid: t-global
    sink(X)
