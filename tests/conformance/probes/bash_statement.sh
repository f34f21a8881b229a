# ruleid: bash_statement
a
a b
# ruleid: bash_statement
a > c
if b; then
  # ruleid: bash_statement
  a
fi
