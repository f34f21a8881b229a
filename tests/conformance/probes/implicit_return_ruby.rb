def f
  # ruleid: implicit_return_ruby
  foo(1)
end

def g(a)
  foo(2)
  if a
    # ruleid: implicit_return_ruby
    foo(3)
  else
    # ruleid: implicit_return_ruby
    return foo(4)
  end
end
