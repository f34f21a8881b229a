fn example(a: &str, b: &str) {
    // ruleid: rust.memory.transmute
    let x: u32 = unsafe { std::mem::transmute(a) };
    // ruleid: rust.memory.transmute
    let y: u8 = unsafe { mem::transmute(b) };
    // ruleid: rust.memory.transmute
    let z: u8 = unsafe { transmute(b) };
    // ok: rust.memory.transmute
    let x = f32::from_bits(1);
    // ok: rust.memory.transmute
    let y = std::mem::size_of::<u8>();
    // ok: rust.memory.transmute
    let z = a.as_bytes();
}
