// ruleid: destructured_object
const { a, b } = g()
const c = g()
