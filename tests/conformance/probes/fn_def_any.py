# ruleid: fn-def-any
def f(a, b=1):
    x()
# ruleid: fn-def-any
@dec
def f():
    pass
# ruleid: fn-def-any
async def f():
    pass
def g():
    pass
