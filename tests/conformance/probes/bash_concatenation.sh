# ruleid: bash_concatenation
a b$c
a "b$c"
a bc
