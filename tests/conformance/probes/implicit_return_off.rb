def f
  foo(1)
end

def g
  # ruleid: implicit_return_off
  return foo(2)
end
