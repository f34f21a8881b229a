f(
  # ruleid: focus-list-union
  1,
  # ruleid: focus-list-union
  2)
