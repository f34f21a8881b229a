def run():
    a = make()
    # ruleid: given_by_side_effect
    sink(a)
    b = other()
    # ok: given_by_side_effect
    sink(b)
