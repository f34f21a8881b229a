# ruleid: decorator-any
@a
def f():
    pass
# ruleid: decorator-any
@b
@a
def g():
    pass
def h():
    pass
