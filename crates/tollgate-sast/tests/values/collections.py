def by_key():
    d = {}
    d["a"] = "safe"
    d["b"] = source()
    sink(d["a"])
    # ruleid: collections
    sink(d["b"])
    sink(d.get("a"))
    # ruleid: collections
    sink(d.get("b"))
    # ruleid: collections
    sink(d.get("c", source()))
    # ruleid: collections
    sink(d)
    # ruleid: collections
    sink(d.values())
    key = "b"
    # ruleid: collections
    sink(d[key])
    d["b"] = "safe"
    sink(d["b"])
    sink(d)


def open_key(key):
    d = {"a": "safe", "b": source()}
    sink(d["a"])
    # ruleid: collections
    sink(d["b"])
    # ruleid: collections
    sink(d[key])
    d[key] = source()
    # ruleid: collections
    sink(d["a"])


def doubtful_key(c, key):
    d = {"a": "safe", "b": source()}
    if c:
        key = "a"
    # ruleid: collections
    sink(d[key])


def positions():
    items = []
    items.append("safe")
    items.append(source())
    items.append("safe too")
    sink(items[0])
    # ruleid: collections
    sink(items[1])
    sink(items[-1])
    items.pop(0)
    # ruleid: collections
    sink(items[0])
    sink(items[1])
    # ruleid: collections
    sink(items)
    for item in items:
        # ruleid: collections
        sink(item)


def moved(order):
    items = ["safe", source()]
    sink(items[0])
    items.reverse()
    # ruleid: collections
    sink(items[0])
    more = ["safe"]
    if order:
        more.append("safe")
    more.append(source())
    # ruleid: collections
    sink(more[1])
    grown = ["safe"]
    for _ in order:
        grown.append(source())
    # ruleid: collections
    sink(grown[3])


def handed_out(change):
    items = ["safe", source()]
    change(items)
    # ruleid: collections
    sink(items[0])


def given(items, d):
    items.append(source())
    # ruleid: collections
    sink(items[0])
    d["a"] = source()
    # ruleid: collections
    sink(d["a"])


def copied():
    items = ["safe", source()]
    other = items
    sink(other[0])
    # ruleid: collections
    sink(other[1])


def sections(parser):
    store = ConfigParser()
    store.add_section("s")
    store.set("s", "a", "safe")
    store.set("s", "b", source())
    sink(store.get("s", "a"))
    # ruleid: collections
    sink(store.get("s", "b"))
    # ruleid: collections
    sink(store.items())


def replaced():
    x = source()
    x = "safe"
    sink(x)


def taken_apart():
    first, second = ["safe", source()]
    sink(first)
    # ruleid: collections
    sink(second)


def from_source():
    d = source()
    # ruleid: collections
    sink(d["a"])
    d["a"] = "safe"
    sink(d["a"])
    # ruleid: collections
    sink(d["b"])
    # ruleid: collections
    sink(d.get("b"))
