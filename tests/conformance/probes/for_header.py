# ruleid: for-header
for i in y:
    a()
for i in z:
    a()
