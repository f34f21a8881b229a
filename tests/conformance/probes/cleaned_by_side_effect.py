def run():
    a = source()
    clean(a)
    # ok: cleaned_by_side_effect
    sink(a)
    b = source()
    clean(b.part)
    # ruleid: cleaned_by_side_effect
    sink(b)
