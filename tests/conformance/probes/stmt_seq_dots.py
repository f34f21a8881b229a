# ruleid: stmt-seq-dots
a()
b()

def f():
    # ruleid: stmt-seq-dots
    a()
    x()
    if c:
        b()

def g():
    if c:
        a()
    b()
