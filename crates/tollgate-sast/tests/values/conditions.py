def arithmetic():
    x = source()
    n = 86
    if 7 * 42 - n > 200:
        bar = "safe"
    else:
        bar = x
    sink(bar)
    if 7 * 42 - n > 300:
        bar = "safe"
    else:
        bar = x
    # ruleid: conditions
    sink(bar)


def ternary():
    x = source()
    n = 106
    sink("safe" if 7 * 18 + n > 200 else x)
    # ruleid: conditions
    sink("safe" if 7 * 18 + n > 500 else x)


def literal():
    x = source()
    if False:
        sink(x)
    if not False and True:
        # ruleid: conditions
        sink(x)
    if False or x:
        # ruleid: conditions
        sink(x)


def nothing():
    x = source()
    handle = None
    if handle is not None:
        sink(x)
    if handle is None:
        # ruleid: conditions
        sink(x)


def returned_early():
    x = source()
    mode = "a"
    if mode == "a":
        return
    sink(x)


def arms():
    x = source()
    possible = "ABC"
    guess = possible[1]
    match guess:
        case "A":
            bar = x
        case "B":
            bar = "safe"
        case "C" | "D":
            bar = x
        case _:
            bar = x
    sink(bar)
    guess = possible[2]
    match guess:
        case "A":
            bar = "safe"
        case "C" | "D":
            bar = x
        case _:
            bar = "safe"
    # ruleid: conditions
    sink(bar)
    match possible[-3]:
        case "B":
            bar = x
        case _:
            bar = "safe"
    sink(bar)


def open_arms(guess):
    x = source()
    bar = "safe"
    match guess:
        case "A":
            bar = x
        case "B":
            # ruleid: conditions
            sink(x)
    # ruleid: conditions
    sink(bar)
    match x:
        case [first, second]:
            # ruleid: conditions
            sink(first)


# What is not the same in every run stays open.
def parameter(n, debug):
    x = source()
    if debug:
        n = 5
    if n == 6:
        # ruleid: conditions
        sink(x)


def loop(items):
    x = source()
    first = True
    for item in items:
        if not first:
            # ruleid: conditions
            sink(x)
        first = False


def captured(register):
    x = source()
    ready = False

    def on_ready():
        nonlocal ready
        ready = True

    register(on_ready)
    if ready:
        # ruleid: conditions
        sink(x)


DEBUG = False


def configured():
    x = source()
    if DEBUG:
        # ruleid: conditions
        sink(x)


def failing(step):
    x = source()
    state = "new"
    try:
        state = "open"
        step()
        state = "new"
    except ValueError:
        if state == "open":
            # ruleid: conditions
            sink(x)


def joined(c):
    x = source()
    if c:
        n = 1
    else:
        n = 2
    if n == 2:
        # ruleid: conditions
        sink(x)
    m = 3
    if c:
        k = m + 1
    else:
        k = 4
    if k == 5:
        sink(x)
