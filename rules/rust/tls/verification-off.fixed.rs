fn example(a: &str, b: &str) {
    // ruleid: rust.tls.verification-off
    Client::builder().danger_accept_invalid_certs(false);
    // ruleid: rust.tls.verification-off
    builder.danger_accept_invalid_hostnames(false);
    // ruleid: rust.tls.verification-off
    builder.set_verify(SslVerifyMode::NONE);
    // ok: rust.tls.verification-off
    Client::builder().danger_accept_invalid_certs(false);
    // ok: rust.tls.verification-off
    builder.set_verify(SslVerifyMode::PEER);
    // ok: rust.tls.verification-off
    builder.add_root_certificate(b);
}
