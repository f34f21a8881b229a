# ruleid: bash_quoted_pieces
a "b $c d"
a b$c
a "b"
