# ruleid: ruby_until
while a
  b
end
# ruleid: ruby_until
until a
  b
end
# ruleid: ruby_until
b(1) while a
b(1) if a
