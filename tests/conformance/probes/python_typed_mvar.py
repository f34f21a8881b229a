def g(a: str, b: int):
    # ruleid: python-typed-mvar
    f(a)
    # ruleid: python-typed-mvar
    f('x')
    f(b)
