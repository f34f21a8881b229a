# ruleid: with-item
with open('a') as f:
    g()
with lock:
    g()
