# ruleid: mvar-pattern-lang
f('SELECT a')
f('UPDATE a')
