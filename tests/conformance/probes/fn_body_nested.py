# ruleid: fn-body-nested
def f():
    if x:
        b()
def g():
    c()
