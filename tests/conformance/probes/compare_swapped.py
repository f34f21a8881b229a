# ruleid: compare-swapped
a == a
a == b
