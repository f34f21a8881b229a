# ruleid: nosem
f(1)
f(2)  # nosemgrep
f(3)  # nosem
# nosemgrep
f(4)
f(5)  # nosemgrep: nosem
# ruleid: nosem
f(6)  # nosemgrep: other
