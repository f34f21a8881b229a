# ruleid: block_given_ruby
each do |one|
  # ok: block_given_ruby
  two
end
# ok: block_given_ruby
both(1, 2)
