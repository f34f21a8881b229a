// ruleid: branch_closed_kotlin
fun loop() {
    for (one in all) { send(one) }
}
// ok: branch_closed_kotlin
fun branch() {
    if (ready) { send(1) }
}
// ruleid: branch_closed_kotlin
fun condition() {
    if (send(1)) { wait() }
}
// ok: branch_closed_kotlin
fun handled() {
    try { send(1) } catch (e: Error) { wait() }
}
