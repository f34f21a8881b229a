# ruleid: trivia
f(x, 1)
# ruleid: trivia
f((x), 1)
# ruleid: trivia
f(x, 1,)
# ruleid: trivia
f(  # c
  x,  # d
  1)
