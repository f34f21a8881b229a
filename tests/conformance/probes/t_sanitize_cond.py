def f():
    x = src()
    if ok(x):
        sink(x)
    # ruleid: t-sanitize-cond
    sink(x)
