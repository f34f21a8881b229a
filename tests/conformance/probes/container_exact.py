# ruleid: container-exact
a = [1, 2]
a = [2, 1]
a = [1, 2, 3]
