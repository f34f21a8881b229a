//! Secrets as outputs may show them, and the identity that stands for them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The first characters that name the format, then dots: `ghp_…`.
pub(super) fn redacted(value: &str) -> String {
    let shown: String = value.chars().take((value.chars().count() / 6).min(4)).collect();
    format!("{shown}…")
}

/// A keyed hash of the value, so that a report can tell two secrets apart without telling what they are.
/// The key only separates this use of the hash from others: it is no secret.
pub(super) fn identity(value: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(b"tollgate secret identity 1").expect("HMAC takes keys of any length");
    mac.update(value.as_bytes());
    mac.finalize().into_bytes()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_shown() {
        assert_eq!(redacted("ghp_k9Qz27LmPw3XvB8tRsYhC4nJ6dFgAe"), "ghp_…");
        assert_eq!(redacted("short"), "…");
        assert_ne!(identity("a"), identity("b"));
    }
}
