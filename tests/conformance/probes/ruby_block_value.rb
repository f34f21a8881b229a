# ruleid: ruby_block_value
a = make(1)
b = make(1) { 2 }
