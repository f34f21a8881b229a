//! The certificates that this machine trusts. A container from scratch has none, so they go with the job.

use std::path::PathBuf;

/// Where systems keep them, the usual ones first.
const PLACES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];

/// Longest bundle that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// The bundle as text: the one that `SSL_CERT_FILE` names, else the system's.
pub(crate) fn read() -> Option<String> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let places = named.into_iter().chain(PLACES.iter().map(PathBuf::from));
    places
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .find(|text| text.len() <= LONGEST && text.contains("-----BEGIN CERTIFICATE-----"))
}
