# ruleid: expr-everywhere
foo()
# ruleid: expr-everywhere
x = foo()
# ruleid: expr-everywhere
return_(foo())
def f():
    # ruleid: expr-everywhere
    return foo()
