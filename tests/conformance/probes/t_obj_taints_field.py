def f():
    o = src()
    # ruleid: t-obj-taints-field
    sink(o.a)
    # ruleid: t-obj-taints-field
    sink(o.a.b)
    # ruleid: t-obj-taints-field
    sink(o.m())
    o.a = 1
    sink(o.a)
    # ruleid: t-obj-taints-field
    sink(o.c)
