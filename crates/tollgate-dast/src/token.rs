//! Random words and numbers for payloads. Every payload carries one, so that an answer can only come
//! from that very request.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of words and numbers that do not repeat within a scan.
#[derive(Debug)]
pub(crate) struct Tokens {
    seed: u64,
    counter: AtomicU64,
}

/// Consonants only, so that no word of any page is hit by chance.
const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrtwz";

impl Tokens {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        Self { seed, counter: AtomicU64::new(1) }
    }

    /// A lower-case word of ten letters.
    pub(crate) fn word(&self) -> String {
        let mut bits = self.draw();
        (0..10)
            .map(|_| {
                let letter = LETTERS[usize::try_from(bits & 15).unwrap_or_default()];
                bits >>= 4;
                char::from(letter)
            })
            .collect()
    }

    /// A number in `low..high`.
    pub(crate) fn number(&self, low: u64, high: u64) -> u64 {
        low + self.draw() % (high - low).max(1)
    }

    /// The number of the scan, for its marker header.
    pub(crate) fn scan_id(&self) -> String {
        format!("{:016x}", mix(self.seed))
    }

    fn draw(&self) -> u64 {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        mix(self.seed.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }
}

/// The finaliser of splitmix64.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_within_and_between_scans() {
        let (one, two) = (Tokens::new(Some(1)), Tokens::new(Some(2)));
        let words: Vec<_> = (0..100).flat_map(|_| [one.word(), two.word()]).collect();
        let unique: std::collections::BTreeSet<_> = words.iter().collect();
        assert_eq!(unique.len(), words.len());
        assert!(words.iter().all(|word| word.len() == 10));
    }
}
