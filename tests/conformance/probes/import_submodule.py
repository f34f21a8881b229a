import a.b
from a import b
from a.b import c
# ruleid: import-submodule
a.b.c(1)
# ruleid: import-submodule
b.c(1)
# ruleid: import-submodule
c(1)
