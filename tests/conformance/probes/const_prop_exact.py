x = 'ab'
# ruleid: const-prop-exact
f(x)
y = 'a' + 'b'
# ruleid: const-prop-exact
f(y)
