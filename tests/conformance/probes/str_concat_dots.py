# ruleid: str-concat-dots
f('a' + x)
f(x)
