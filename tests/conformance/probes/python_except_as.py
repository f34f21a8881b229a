# ruleid: python_except_as
try:
    run()
except ValueError:
    pass
try:
    run()
except ValueError as error:
    pass
