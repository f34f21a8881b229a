class Tokens {
    fun make() {
        // ruleid: kotlin.jdk.weak-random
        val token = Random.nextInt()
        // ruleid: kotlin.jdk.weak-random
        val resetToken = Random().nextLong().toString()
        // ruleid: kotlin.jdk.weak-random
        val otp = (Math.random() * 10000).toInt()
        // ok: kotlin.jdk.weak-random
        val colour = Random.nextInt(6)
        // ok: kotlin.jdk.weak-random
        val secret = SecureRandom().nextLong()
        // ok: kotlin.jdk.weak-random
        val size = Random.nextInt(10)
    }
}
