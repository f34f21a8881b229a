// ruleid: kotlin_parameters
fun one(a: Int = 1) {}
// ok: kotlin_parameters
fun two(a: Int) {}
