def f(d):
    d['a'] = src()
    # ruleid: t-index-const
    sink(d['a'])
    # todook: t-index-const
    sink(d['b'])
