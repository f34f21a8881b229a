fn run() {
    let mut list = Vec::new();
    list.push(1);
    // ruleid: rust_let_hides
    let mut list = Vec::new();
    list.push(2);
    list.sort();
}
