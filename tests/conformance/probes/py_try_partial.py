# ruleid: py-try-partial
try:
    a()
except ValueError:
    pass
try:
    a()
except ValueError:
    b()
