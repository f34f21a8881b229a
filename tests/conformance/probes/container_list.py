# ruleid: container-list
a = [1]
# ruleid: container-list
a = [0, 1, 2]
a = [0]
a = (1,)
