fn flawed() {
    // ruleid: rust.web.cors-any-origin
    let a = CorsLayer::permissive();
    // ruleid: rust.web.cors-any-origin
    let b = Cors::permissive();
    // ruleid: rust.web.cors-any-origin
    let c = CorsLayer::new().allow_origin(Any);
}
fn sound() {
    // ok: rust.web.cors-any-origin
    let a = CorsLayer::new();
    // ok: rust.web.cors-any-origin
    let b = Cors::default().allowed_origin("https://example.org");
    // ok: rust.web.cors-any-origin
    let c = CorsLayer::new().allow_headers(Any);
}
