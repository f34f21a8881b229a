# ruleid: focus
def f(a,
      # ruleid: focus
      b):
    pass
