fn flawed(text: &[u8]) {
    // ruleid: rust.crypto.weak-hash
    let a = Md5::new();
    // ruleid: rust.crypto.weak-hash
    let b = Sha1::digest(text);
    // ruleid: rust.crypto.weak-hash
    let c = md5::compute(text);
}
fn sound(text: &[u8]) {
    // ok: rust.crypto.weak-hash
    let a = Sha256::new();
    // ok: rust.crypto.weak-hash
    let b = blake3::hash(text);
    // ok: rust.crypto.weak-hash
    let c = md5_names::new();
}
