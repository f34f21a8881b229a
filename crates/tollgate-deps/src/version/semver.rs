//! Semantic Versioning 2.0 (<https://semver.org>), read as leniently as npm, Cargo and Go need: partial
//! bounds such as `1.12`, a leading `v`, Go's `go1.20rc1`, `+incompatible` and pseudo-versions.

use super::key::{KeyWriter, VersionKey, split_digits};

const PRE_RELEASE: u8 = 1;
const RELEASE: u8 = 2;
/// A fourth number and so on, which Semantic Versioning does not know.
const MORE: u8 = 3;

const END: u8 = 1;
const NUMBER: u8 = 2;
const WORD: u8 = 3;

/// What the part after `+` means for the order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// Nothing, as the specification says.
    Ignored,
    /// It comes after the version without one, as pub has it.
    Ordered,
}

pub(super) fn read(text: &str, build: Build) -> Option<VersionKey> {
    let parts = Parts::split(text, 3)?;
    let mut key = KeyWriter::regular();
    parts.write(&mut key, 3, &parts.identifiers());
    if build == Build::Ordered {
        identifiers(&mut key, parts.build.split('.').filter(|part| !part.is_empty()));
    }
    Some(key.finish())
}

/// The parts of a version that is dotted numbers, an optional pre-release and an optional build.
pub(super) struct Parts<'a> {
    numbers: Vec<&'a str>,
    pre_release: &'a str,
    build: &'a str,
    /// Whether no hyphen stands before the pre-release.
    joined: bool,
}

impl<'a> Parts<'a> {
    /// Splits a version; `None` where it does not start with a number or has a wildcard. Numbers beyond
    /// `keep` that are zero are dropped.
    pub(super) fn split(text: &'a str, keep: usize) -> Option<Self> {
        let text = text.trim_start_matches(['=', ' ']);
        let text = text.strip_prefix("go").filter(|rest| starts_with_digit(rest)).unwrap_or(text);
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let (text, build) = text.split_once('+').unwrap_or((text, ""));
        let (first, mut rest) = split_digits(text);
        if first.is_empty() {
            return None;
        }
        let mut numbers = vec![first];
        while let Some(after) = rest.strip_prefix('.').filter(|after| starts_with_digit(after)) {
            let (number, tail) = split_digits(after);
            numbers.push(number);
            rest = tail;
        }
        while numbers.len() > keep && numbers.last().is_some_and(|last| last.bytes().all(|b| b == b'0')) {
            numbers.pop();
        }
        let pre_release = match rest.strip_prefix('-') {
            Some(pre_release) => pre_release,
            None if rest.is_empty() => "",
            // `1.20rc1`, `1.0.0.beta`; a lone number before the letters is rather a revision.
            None if numbers.len() > 1 => rest.trim_start_matches('.'),
            None => return None,
        };
        let wildcard = matches!(pre_release, "x" | "X" | "*") && !rest.starts_with('-');
        (!wildcard).then_some(Self { numbers, pre_release, build, joined: !rest.starts_with('-') })
    }

    pub(super) const fn pre_release(&self) -> &'a str {
        self.pre_release
    }

    /// The identifiers of the pre-release. Where no hyphen stands before it, as in `go1.20rc1`, the
    /// number is an identifier of its own: the Go database writes that version `1.20.0-rc.1`.
    fn identifiers(&self) -> Vec<&'a str> {
        let dotted = self.pre_release.split('.').filter(|part| !part.is_empty());
        if !self.joined {
            return dotted.collect();
        }
        dotted
            .flat_map(|part| {
                let letters = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
                let (word, number) = part.split_at(letters);
                [word, number]
            })
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// How many numbers there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// Writes the numbers, padded to `width`, and the pre-release.
    pub(super) fn write(&self, key: &mut KeyWriter, width: usize, pre_release: &[&str]) {
        for at in 0..width {
            key.digits(self.numbers.get(at).copied().unwrap_or("0"));
        }
        for number in self.numbers.iter().skip(width) {
            key.mark(MORE).digits(number);
        }
        if pre_release.is_empty() {
            key.mark(RELEASE);
        } else {
            key.mark(PRE_RELEASE);
            identifiers(key, pre_release.iter().copied());
        }
    }
}

fn identifiers<'a>(key: &mut KeyWriter, parts: impl Iterator<Item = &'a str>) {
    for part in parts {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            key.mark(NUMBER).digits(part);
        } else {
            key.mark(WORD).word(part);
        }
    }
    key.mark(END);
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
