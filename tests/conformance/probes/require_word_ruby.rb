# ok: require_word_ruby
require "part"
# ruleid: require_word_ruby
load_part("part")
