def f(x):
    taint(x)
    # ruleid: t-source-side-effect
    sink(x)
def g(x):
    sink(x)
