# ruleid: str-dots
f('')
# ruleid: str-dots
f('abc')
f(x)
f(f'a{x}')
# ruleid: str-dots
f('a' + 'b')
f('a' + x)
