# ok: label_ruby
call(name: one)
# ruleid: label_ruby
call(:name)
# ruleid: label_ruby
x = { name: one }
