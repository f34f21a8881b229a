def g():
    x = 'a'
    x = h()
    f(x)
