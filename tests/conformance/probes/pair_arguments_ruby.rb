# ruleid: pair_arguments_ruby
call("a" => 1)
# ok: pair_arguments_ruby
call(a: 1)
# ruleid: pair_arguments_ruby
call(one, two => 2)
