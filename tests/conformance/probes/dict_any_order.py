# ruleid: dict-any-order
a = {'k': 1}
# ruleid: dict-any-order
a = {'b': 2, 'k': 1}
# ruleid: dict-any-order
a = {'k': 1, 'b': 2}
a = {'k': 2}
