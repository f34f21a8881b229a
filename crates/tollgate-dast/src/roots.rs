//! The certificates that are trusted: those of this machine, which go with the job since a container from
//! scratch has none, those of authorities that the settings name, and where there are none at all those
//! that most browsers trust.

use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::error::DastError;

/// Where systems keep them, the usual ones first.
const PLACES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];

/// Longest bundle that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// How a certificate begins in PEM.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// The bundle as text: the one that `SSL_CERT_FILE` names, else the system's.
pub(crate) fn read() -> Option<String> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let places = named.into_iter().chain(PLACES.iter().map(PathBuf::from));
    places.filter_map(|path| read_file(&path).ok()).next()
}

/// The certificates in a file, as text.
///
/// # Errors
/// When it cannot be read, is huge or holds none.
pub(crate) fn read_file(path: &Path) -> Result<String, DastError> {
    let what = "certificates of authorities";
    let unread = |source| DastError::Read { what, path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unread)?.len() > LONGEST {
        return Err(DastError::NoCertificate(path.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(unread)?;
    if certificates(Some(&text)).is_empty() {
        return Err(DastError::NoCertificate(path.to_owned()));
    }
    Ok(text)
}

/// The certificates in a text.
pub(crate) fn certificates(text: Option<&str>) -> Vec<Certificate> {
    let Some(text) = text.filter(|text| text.contains(BEGIN)) else { return Vec::new() };
    Certificate::from_pem_bundle(text.as_bytes()).unwrap_or_default()
}

/// Whether this is a machine that should have root certificates and has none.
pub(crate) fn is_bare() -> bool {
    cfg!(target_os = "linux") && read().is_none()
}

/// The certificates that most browsers trust.
pub(crate) fn usual() -> Vec<Certificate> {
    let usual = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    usual.filter_map(|der| Certificate::from_der(der).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_certificates_trusts_what_browsers_trust() {
        assert!(usual().len() > 100);
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(matches!(read_file(&file), Err(DastError::NoCertificate(_))));
        assert!(matches!(read_file(Path::new("/nowhere.pem")), Err(DastError::Read { .. })));
    }
}
