// ok: superclass_call_kotlin
class One(a: Int) : Base(a)
// ruleid: superclass_call_kotlin
val two = Base(1)
