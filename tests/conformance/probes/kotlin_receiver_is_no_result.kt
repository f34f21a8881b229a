// ok: kotlin_receiver_is_no_result
fun String.one(a: Int) {}
// ruleid: kotlin_receiver_is_no_result
fun two(a: Int): Int { return 1 }
