# ruleid: ruby_range
a = 1..2
# ruleid: ruby_range
b = 1...2
c = 1 + 2
