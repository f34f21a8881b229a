def f(d, i, j):
    d[i] = src()
    # ruleid: t-index-var
    sink(d[j])
