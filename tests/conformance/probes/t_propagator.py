def f(l, m):
    l.add(src())
    # ruleid: t-propagator
    sink(l)
    sink(m)
