x = 'a'
# ruleid: const-prop-local
f(x)
def g(y):
    f(y)
    z = 'q'
    # ruleid: const-prop-local
    f(z)
