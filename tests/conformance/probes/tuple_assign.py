# ruleid: tuple-assign
a, b = g(), f()
