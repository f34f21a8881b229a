# ruleid: import-prefix
import foo
# ruleid: import-prefix
import foo.bar
# ruleid: import-prefix
from foo import x
# ruleid: import-prefix
import foo as f
import bar
