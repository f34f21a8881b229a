fun f() {
    // ruleid: cast_free_kotlin
    val a = read(1) as Part
    // ok: cast_free_kotlin
    val b = look(1) as Part
}
