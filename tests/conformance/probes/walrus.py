# ruleid: walrus
if (y := f()):
    pass
