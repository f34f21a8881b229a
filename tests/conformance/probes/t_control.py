def f():
    act()
    start()
    # ruleid: t_control
    act()


def g():
    act()
