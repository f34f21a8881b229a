for v in src():
    # ruleid: t-for-in
    sink(v)
