fun example(data: ByteArray) {
    // ruleid: kotlin.jdk.weak-hash
    MessageDigest.getInstance("MD5")
    // ruleid: kotlin.jdk.weak-hash
    val one = MessageDigest.getInstance("SHA-1")
    // ruleid: kotlin.jdk.weak-hash
    MessageDigest.getInstance("sha1").digest(data)
    // ok: kotlin.jdk.weak-hash
    MessageDigest.getInstance("SHA-256")
    // ok: kotlin.jdk.weak-hash
    Cache.getInstance("MD5")
    // ok: kotlin.jdk.weak-hash
    MessageDigest.getInstance(name)
}
