# ruleid: deep-expr-if
if a and x:
    p()
if a:
    x
