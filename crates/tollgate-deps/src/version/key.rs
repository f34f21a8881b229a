//! Bytes whose plain order is the order of versions.

/// First byte of a text that the ecosystem cannot read; the text follows.
const UNREADABLE: u8 = 0;
/// First byte of a version of an older scheme, below every version of the present one.
const LEGACY: u8 = 1;
/// First byte of a version.
const REGULAR: u8 = 2;

/// A version, encoded so that comparing the bytes compares the versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionKey(Vec<u8>);

impl VersionKey {
    /// Below every version: what OSV writes as `introduced: "0"`.
    pub const MIN: Self = Self(Vec::new());

    pub(super) fn unreadable(text: &str) -> Self {
        let mut bytes = vec![UNREADABLE];
        bytes.extend_from_slice(text.as_bytes());
        Self(bytes)
    }

    /// Whether the ecosystem could read the text. Where it could not, only an advisory that lists the
    /// very text, or covers every version, applies for certain.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.0.first() != Some(&UNREADABLE)
    }

    /// The encoded version.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Builds a [`VersionKey`].
pub(super) struct KeyWriter(Vec<u8>);

impl KeyWriter {
    pub(super) fn regular() -> Self {
        Self(vec![REGULAR])
    }

    pub(super) fn legacy() -> Self {
        Self(vec![LEGACY])
    }

    /// A byte that tells what follows, or that nothing does.
    pub(super) fn mark(&mut self, mark: u8) -> &mut Self {
        self.0.push(mark);
        self
    }

    /// A whole number of any length in decimal digits. Its first byte says how many bytes follow, so
    /// that smaller numbers come first and no number is the beginning of another.
    pub(super) fn digits(&mut self, digits: &str) -> &mut Self {
        /// Decimal digits that surely fit 64 bits.
        const SMALL: usize = 19;
        let digits = digits.trim_start_matches('0');
        if digits.len() <= SMALL {
            return self.number(digits.parse().unwrap_or(0));
        }
        self.0.push(9);
        self.0.extend_from_slice(&u32::try_from(digits.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.0.extend_from_slice(digits.as_bytes());
        self
    }

    /// As [`KeyWriter::digits`], from a number.
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        if number >= 10_u64.pow(19) {
            return self.digits(&number.to_string());
        }
        let bytes = number.to_be_bytes();
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        self.0.push(u8::try_from(bytes.len() - zeros).unwrap_or(8));
        self.0.extend_from_slice(&bytes[zeros..]);
        self
    }

    /// A word in byte order, a shorter one before those it begins.
    pub(super) fn word(&mut self, word: &str) -> &mut Self {
        // Zero ends the word, so one inside it would make two words of it.
        self.0.extend(word.bytes().map(|byte| byte.max(1)));
        self.0.push(0);
        self
    }

    pub(super) fn finish(self) -> VersionKey {
        VersionKey(self.0)
    }
}

/// Splits off the leading decimal digits.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order_at_every_length() {
        let key = |digits: &str| {
            let mut key = KeyWriter::regular();
            key.digits(digits);
            key.finish()
        };
        let sorted = [
            "0",
            "1",
            "255",
            "256",
            "65536",
            "9999999999999999999",
            "10000000000000000000",
            "18446744073709551615",
            "18446744073709551616",
            "100000000000000000000000",
        ];
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
        assert_eq!(key("007"), key("7"));
        let mut number = KeyWriter::regular();
        number.number(u64::MAX);
        assert_eq!(number.finish(), key("18446744073709551615"));
    }
}
