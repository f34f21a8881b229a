# ruleid: stmt-seq-tight
a()
b()

def f():
    a()
    x()
    b()
