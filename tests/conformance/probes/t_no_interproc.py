def f():
    return src()
def g():
    sink(f())
def h(x):
    sink(x)
h(src())
