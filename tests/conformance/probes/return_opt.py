def f():
    # ruleid: return-opt
    return
def g():
    # ruleid: return-opt
    return 1
