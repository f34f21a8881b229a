def f(c):
    x = 1
    if c:
        x = src()
    # ruleid: t-branch-join
    sink(x)
