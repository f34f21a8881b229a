def run():
    a = make(1)
    # ruleid: symbolic_until_changed
    a.run()
    # ok: symbolic_until_changed
    a.run()
    b = make(2)
    b.part = 3
    # ok: symbolic_until_changed
    b.run()
