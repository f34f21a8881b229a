# ruleid: fstring
f(f'a{x}b')
# ruleid: fstring
f(f'{x}')
f('ab')
