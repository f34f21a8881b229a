def g():
    x = 1
    # ruleid: unify_ids_loosely
    foo(x)
    def h():
        x = 2
        bar(x)
