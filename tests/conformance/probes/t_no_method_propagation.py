def f(l):
    l.add(src())
    sink(l)
