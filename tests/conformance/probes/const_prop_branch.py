def g(c):
    if c:
        x = 'a'
    else:
        x = 'b'
    # ruleid: const-prop-branch
    f(x)
    if c:
        x = h()
    f(x)
