def f():
    return
def g():
    # ruleid: return-mvar
    return 1
