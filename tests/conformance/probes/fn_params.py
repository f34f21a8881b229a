# ruleid: fn-params
def f(a):
    pass
# ruleid: fn-params
def g(a, b):
    pass
def h():
    pass
