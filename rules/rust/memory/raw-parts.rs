fn flawed(p: *mut u8, n: usize) {
    // ruleid: rust.memory.raw-parts
    let a = unsafe { Vec::from_raw_parts(p, n, n) };
    // ruleid: rust.memory.raw-parts
    let b = unsafe { std::slice::from_raw_parts(p, n) };
    // ruleid: rust.memory.raw-parts
    let c = unsafe { String::from_raw_parts(p, n, n) };
}
fn sound(p: &[u8]) {
    // ok: rust.memory.raw-parts
    let a = p.to_vec();
    // ok: rust.memory.raw-parts
    let b = &p[..3];
    // ok: rust.memory.raw-parts
    let c = std::slice::from_ref(&p[0]);
}
