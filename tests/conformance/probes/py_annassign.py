# ruleid: py-annassign
x = f()
# ruleid: py-annassign
y: int = f()
