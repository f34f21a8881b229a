# ruleid: unless_ruby
stop(1) unless ready
# ruleid: unless_ruby
unless ready
  stop(1)
end
# ok: unless_ruby
stop(1) if ready
