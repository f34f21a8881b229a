# ruleid: python_decorator_alone
@plain
def a(): pass
@called(1)
def b(): pass
