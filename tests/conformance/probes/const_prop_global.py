X = 'a'
def g():
    # ruleid: const-prop-global
    f(X)
