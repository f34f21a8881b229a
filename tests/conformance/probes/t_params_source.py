def view(r, q):
    # ruleid: t-params-source
    sink(r)
    sink(q)
    # ruleid: t-params-source
    sink(r.GET['a'])
