fn example(a: &str, b: &str) {
    // ruleid: rust.memory.unchecked-text
    let x = unsafe { std::str::from_utf8_unchecked(b) };
    // ruleid: rust.memory.unchecked-text
    let y = unsafe { String::from_utf8_unchecked(b) };
    // ruleid: rust.memory.unchecked-text
    let z = unsafe { a.get_unchecked(1) };
    // ok: rust.memory.unchecked-text
    let x = std::str::from_utf8(b);
    // ok: rust.memory.unchecked-text
    let y = String::from_utf8_lossy(b);
    // ok: rust.memory.unchecked-text
    let z = a.get(1);
}
