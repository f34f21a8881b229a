fn flawed(n: usize) {
    // ruleid: rust.memory.vector-length-set
    let mut a = Vec::with_capacity(n);
    unsafe { a.set_len(n); }
    // ruleid: rust.memory.vector-length-set
    let mut b = Vec::with_capacity(16);
    unsafe { b.set_len(16); }
    // ruleid: rust.memory.vector-length-set
    let mut c: Vec<u8> = Vec::with_capacity(n);
    unsafe { c.set_len(n); }
}
fn sound(n: usize) {
    // ok: rust.memory.vector-length-set
    let mut a = Vec::with_capacity(n);
    a.resize(n, 0);
    // ok: rust.memory.vector-length-set
    let mut b = vec![0; n];
    b.truncate(3);
    // ok: rust.memory.vector-length-set
    let mut c = Vec::with_capacity(n);
    fill(&mut c);
}
