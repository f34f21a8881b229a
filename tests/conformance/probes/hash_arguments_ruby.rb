# ruleid: hash_arguments_ruby
call("a" => 1, "b" => 2)
# ok: hash_arguments_ruby
call(a: 1)
# ok: hash_arguments_ruby
call(:a => 1)
# ruleid: hash_arguments_ruby
call(a => 1)
