case one
# ok: case_label_ruby
when "a"
  # ruleid: case_label_ruby
  use("b")
end
