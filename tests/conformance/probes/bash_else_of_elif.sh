# ruleid: bash_else_of_elif
if first; then
  run
elif second; then
  stop
fi
if third; then
  run
fi
