# ruleid: true_is_no_one
use(1)
# ok: true_is_no_one
use(True)
