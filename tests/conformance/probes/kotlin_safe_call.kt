fun f() {
    // ruleid: kotlin_safe_call
    a.run(1)
    b?.run(1)
}
