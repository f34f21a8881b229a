def f():
    # ruleid: deep_stmt_seq
    v = a()
    bar(foo(v))


def g():
    v = a()
    if foo(v):
        x()
