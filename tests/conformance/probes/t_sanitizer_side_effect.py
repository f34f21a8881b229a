def f():
    x = src()
    clean(x)
    sink(x)
def g():
    x = src()
    # ruleid: t-sanitizer-side-effect
    sink(x)
