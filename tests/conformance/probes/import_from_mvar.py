# ruleid: import-from-mvar
from foo import a
# ruleid: import-from-mvar
from foo import a as b
import foo
