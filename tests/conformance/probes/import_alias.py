import os
import os as o
from os import system
from os import system as s
# ruleid: import-alias
os.system(1)
# ruleid: import-alias
o.system(1)
# ruleid: import-alias
system(1)
# ruleid: import-alias
s(1)
