fn one(a: bool) {
    // ruleid: rust_dots_stay_out_of_values
    begin();
    if a {
        end();
    }
}
fn two() {
    // ok: rust_dots_stay_out_of_values
    begin();
    run(|| {
        end();
    });
}
fn three(a: i32) {
    // ok: rust_dots_stay_out_of_values
    begin();
    match a {
        1 => {
            end();
        }
        _ => {}
    }
}
