# ruleid: words_ruby
a = [one, two]
# ok: words_ruby
b = %w[one two]
