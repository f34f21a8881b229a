use std::mem::{self, MaybeUninit};

fn flawed() {
    // ruleid: rust.memory.uninitialized
    let a: [u8; 4] = unsafe { std::mem::uninitialized() };
    // ruleid: rust.memory.uninitialized
    let b: u32 = unsafe { mem::uninitialized() };
    // ruleid: rust.memory.uninitialized
    let c: u32 = unsafe { MaybeUninit::uninit().assume_init() };
}
fn sound() {
    // ok: rust.memory.uninitialized
    let mut a: MaybeUninit<u32> = MaybeUninit::uninit();
    // ok: rust.memory.uninitialized
    let b = unsafe { a.write(3); a.assume_init() };
    // ok: rust.memory.uninitialized
    let c: u32 = unsafe { mem::zeroed() };
}
