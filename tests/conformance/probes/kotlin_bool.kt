val always = true
class Task {
    private val kept = true
    private var open = true
    fun start() {
        // ruleid: kotlin_bool
        run(always)
        // ruleid: kotlin_bool
        run(kept)
        // ok: kotlin_bool
        run(open)
        // ok: kotlin_bool
        run(other)
    }
}
