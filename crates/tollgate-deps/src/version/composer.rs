//! Composer (<https://getcomposer.org/doc/articles/versions.md>): at least four numbers, then a stability
//! and its number, compared as PHP's `version_compare` does: dev, alpha, beta, RC, stable, patch.

use super::key::{KeyWriter, VersionKey, split_digits};

/// What a branch such as `1.x-dev` has in place of the open numbers.
const BRANCH: &str = "9999999";

const DEV: u8 = 1;
const END: u8 = 2;
const NUMBER: u8 = 3;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    let lower = text.to_ascii_lowercase();
    let text = lower.split_once(" as ").map_or(lower.as_str(), |(version, _)| version);
    let text = text.split_once('@').map_or(text, |(version, _)| version);
    let text = text.split_once('+').map_or(text, |(version, _)| version).trim();
    let text = text.strip_prefix('v').unwrap_or(text);

    let (mut numbers, rest) = numbers(text)?;
    if let Some(branch) = rest.strip_prefix(".x").or_else(|| rest.strip_prefix(".*")) {
        if !matches!(branch, "" | "-dev" | ".x-dev" | ".x.x-dev") {
            return None;
        }
        numbers.resize(4, BRANCH);
        return Some(write(&numbers, Stability::Dev, &[], false));
    }
    let (rest, dev) = match rest.strip_suffix("dev").map(|rest| rest.trim_end_matches(['-', '.', '_'])) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    if rest.is_empty() {
        let stability = if dev { Stability::Dev } else { Stability::Stable };
        return Some(write(&numbers, stability, &[], false));
    }
    let rest = rest.trim_start_matches(['-', '.', '_', ' ']);
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (word, count) = rest.split_at(letters);
    let stability = Stability::from_word(word)?;
    let count: Vec<&str> = count.split(['.', '-', '_']).filter(|part| !part.is_empty()).collect();
    if count.iter().any(|part| !split_digits(part).1.is_empty()) {
        return None;
    }
    Some(write(&numbers, stability, &count, dev))
}

#[derive(Clone, Copy)]
enum Stability {
    Dev = 1,
    Alpha,
    Beta,
    Candidate,
    Stable,
    Patch,
}

impl Stability {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "dev" => Self::Dev,
            "alpha" | "a" => Self::Alpha,
            "beta" | "b" => Self::Beta,
            "rc" | "c" => Self::Candidate,
            "stable" => Self::Stable,
            "patch" | "pl" | "p" => Self::Patch,
            _ => return None,
        })
    }
}

/// The leading numbers. Dates may be written with hyphens: `2010-01-02`.
fn numbers(text: &str) -> Option<(Vec<&str>, &str)> {
    let (first, mut rest) = split_digits(text);
    if first.is_empty() {
        return None;
    }
    let mut numbers = vec![first];
    while let Some(after) = rest.strip_prefix(['.', '-', ':']) {
        let (number, tail) = split_digits(after);
        if number.is_empty() || (!rest.starts_with('.') && first.len() < 4) {
            break;
        }
        numbers.push(number);
        rest = tail;
    }
    Some((numbers, rest))
}

fn write(numbers: &[&str], stability: Stability, count: &[&str], dev: bool) -> VersionKey {
    let mut key = KeyWriter::regular();
    for at in 0..numbers.len().max(4) {
        if at >= 4 {
            key.mark(u8::MAX);
        }
        key.digits(numbers.get(at).copied().unwrap_or("0"));
    }
    key.mark(stability as u8);
    for number in count {
        key.mark(NUMBER).digits(number);
    }
    key.mark(if dev { DEV } else { END });
    key.finish()
}
