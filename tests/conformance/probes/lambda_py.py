# ruleid: lambda-py
f = lambda a: a
f = lambda a: b
