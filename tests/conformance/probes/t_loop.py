def f(c):
    x = 1
    while c:
        # ruleid: t-loop
        sink(x)
        x = src()
