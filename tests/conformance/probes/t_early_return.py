def f(c):
    x = src()
    if c:
        x = 1
        return
    # ruleid: t-early-return
    sink(x)
