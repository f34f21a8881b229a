# ruleid: ruby-call-paren
f(1)
# ruleid: ruby-call-paren
f 1
f
