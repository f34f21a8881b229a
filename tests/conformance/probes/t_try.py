def f():
    x = 1
    try:
        x = src()
        g()
    except E:
        # ruleid: t-try
        sink(x)
