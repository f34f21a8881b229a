# ruleid: not-equal-sugar
a != b
not a == b
