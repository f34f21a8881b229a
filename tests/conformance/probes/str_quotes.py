# ruleid: str-quotes
f('a')
# ruleid: str-quotes
f("a")
# ruleid: str-quotes
f('''a''')
f('b')
