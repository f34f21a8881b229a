def run():
    a = make(1)
    # ruleid: symbolic_metavariable
    use(a)
    b = a
    # ruleid: symbolic_metavariable
    use(b)
    c = other(1)
    # ok: symbolic_metavariable
    use(c)
