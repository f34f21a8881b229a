# ruleid: ruby-hash-kw
f(a: 1)
# ruleid: ruby-hash-kw
f(:a => 1)
# ruleid: ruby-hash-kw
f(b: 2, a: 1)
f(1)
