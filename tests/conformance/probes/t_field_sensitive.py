def f(o):
    o.a = src()
    # ruleid: t-field-sensitive
    sink(o.a)
    sink(o.b)
    # ruleid: t-field-sensitive
    sink(o)
