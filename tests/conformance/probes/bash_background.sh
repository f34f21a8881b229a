# ruleid: bash_background
a &
a
a && b
