fn main() {
    // ruleid: rust_macro_is_call
    println!("x");
    // ruleid: rust_macro_is_call
    go(1);
    let x = 1;
}
