def a(x):
    check(x)
    f(x)
def b(x):
    # ruleid: not-inside-order
    f(x)
    check(x)
def c(x, y):
    check(y)
    # ruleid: not-inside-order
    f(x)
