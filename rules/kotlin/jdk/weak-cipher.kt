fun example(data: ByteArray) {
    // ruleid: kotlin.jdk.weak-cipher
    Cipher.getInstance("DES/CBC/PKCS5Padding")
    // ruleid: kotlin.jdk.weak-cipher
    Cipher.getInstance("AES/ECB/PKCS5Padding")
    // ruleid: kotlin.jdk.weak-cipher
    val one = Cipher.getInstance("AES")
    // ok: kotlin.jdk.weak-cipher
    Cipher.getInstance("AES/GCM/NoPadding")
    // ok: kotlin.jdk.weak-cipher
    Cipher.getInstance(name)
    // ok: kotlin.jdk.weak-cipher
    Codec.getInstance("DES")
}
