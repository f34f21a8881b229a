def f():
    sink(x)
    x = src()
