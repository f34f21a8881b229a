# ruleid: dict-exact
a = {'k': 1}
a = {'k': 1, 'b': 2}
