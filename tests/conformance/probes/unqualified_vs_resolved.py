from os import system as s
import os
s(1)
os.system(1)
# ruleid: unqualified-vs-resolved
system(1)
