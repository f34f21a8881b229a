fn flawed() {
    // ruleid: rust.crypto.weak-random
    let token = fastrand::u64(..);
    // ruleid: rust.crypto.weak-random
    let secret_rng = SmallRng::from_entropy();
    // ruleid: rust.crypto.weak-random
    let session_key = StdRng::seed_from_u64(42).next_u64();
}
fn sound() {
    // ok: rust.crypto.weak-random
    let token = OsRng.next_u64();
    // ok: rust.crypto.weak-random
    let colour = fastrand::u8(..6);
    // ok: rust.crypto.weak-random
    let secret = read_secret();
}
