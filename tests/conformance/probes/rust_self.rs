struct S;
impl S {
    // ruleid: rust_self
    fn one(&self) {}
    // ruleid: rust_self
    fn two(&mut self, a: i32) {}
    // ok: rust_self
    fn three(self) {}
    // ok: rust_self
    fn four(a: i32) {}
}
