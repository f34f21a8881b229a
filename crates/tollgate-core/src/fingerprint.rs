//! The identity of a finding over time.

use std::fmt;

use sha2::{Digest, Sha256};

/// A stable identity: 32 hexadecimal digits, equal for the same flaw in two scans.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

/// A text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a fingerprint: expected 32 hexadecimal digits")]
pub struct NotAFingerprint(pub String);

impl Fingerprint {
    /// The fingerprint of a list of parts. Parts are length-prefixed, so `["ab", "c"]` and
    /// `["a", "bc"]` differ.
    #[must_use]
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads a fingerprint that a report or a waiver holds.
    ///
    /// # Errors
    /// When the text is not 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, NotAFingerprint> {
        let valid = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if valid { Ok(Self(text.to_ascii_lowercase())) } else { Err(NotAFingerprint(text.to_owned())) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(Fingerprint::of_parts(["ab", "c"]), Fingerprint::of_parts(["a", "bc"]));
        let print = Fingerprint::of_parts(["a"]);
        assert_eq!(Fingerprint::parse(print.as_str()), Ok(print));
        assert!(Fingerprint::parse("xyz").is_err());
    }
}
