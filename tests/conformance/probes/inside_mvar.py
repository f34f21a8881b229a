def f(x):
    # ruleid: inside-mvar
    g(x)
    g(y)
