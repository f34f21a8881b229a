// ruleid: empty_object
f({})
// ruleid: empty_object
f({ a: 1 })
f(1)
