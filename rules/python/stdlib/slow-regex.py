import re

# ruleid: python.stdlib.slow-regex
a = re.compile("^(a+)+$")
# ruleid: python.stdlib.slow-regex
b = re.match("^([a-z]+)*@example$", text)
# ruleid: python.stdlib.slow-regex
c = re.search("(x+x+)+y", text)
# ok: python.stdlib.slow-regex
d = re.compile("^[a-z]+$")
# ok: python.stdlib.slow-regex
e = re.match("^(ab)+$", text)
# ok: python.stdlib.slow-regex
f = table.match("^(a+)+$", text)
