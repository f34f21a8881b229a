// ruleid: kotlin_bodies
fun a() { b() }
fun c() = d()
