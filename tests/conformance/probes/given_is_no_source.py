def run():
    a = make()
    # ok: given_is_no_source
    sink(a)
    b = real()
    # ruleid: given_is_no_source
    sink(b)
