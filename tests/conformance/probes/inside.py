def f():
    # ruleid: inside
    a()
    if x:
        # ruleid: inside
        a()
def g():
    a()
