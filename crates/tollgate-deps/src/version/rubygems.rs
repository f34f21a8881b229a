//! RubyGems (<https://docs.ruby-lang.org/en/master/Gem/Version.html>): runs of digits and of letters,
//! letters are a pre-release, a hyphen means `.pre.`, zeros before the first letters or the end mean
//! nothing.

use super::key::{KeyWriter, VersionKey, split_digits};

const WORD: u8 = 1;
/// A zero that only leads to letters, which makes the version smaller than one that ends here.
const ZERO_BEFORE_WORD: u8 = 2;
const END: u8 = 3;
const NUMBER: u8 = 4;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    let segments = segments(text)?;
    let mut key = KeyWriter::regular();
    for (at, segment) in segments.iter().enumerate() {
        if is_number(segment) {
            let next = segments[at..].iter().find(|segment| !is_zero(segment));
            let leads_to_word = is_zero(segment) && next.is_some_and(|next| !is_number(next));
            if leads_to_word {
                key.mark(ZERO_BEFORE_WORD);
            } else {
                key.mark(NUMBER).digits(segment);
            }
        } else {
            key.mark(WORD).word(segment);
        }
    }
    key.mark(END);
    Some(key.finish())
}

/// The canonical segments: without zeros before the first letters and before the end.
fn segments(text: &str) -> Option<Vec<&str>> {
    let text = text.trim();
    let well_formed = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if !well_formed {
        return None;
    }
    let mut numeric: Vec<&str> = Vec::new();
    let mut tail: Vec<&str> = Vec::new();
    let mut push = |segment| {
        if tail.is_empty() && is_number(segment) {
            numeric.push(segment);
        } else {
            tail.push(segment);
        }
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (segment, after) = if first.is_ascii_digit() {
            split_digits(rest)
        } else if first == '-' {
            ("pre", &rest[1..])
        } else if first == '.' {
            rest = &rest[1..];
            continue;
        } else {
            rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()))
        };
        push(segment);
        rest = after;
    }
    for part in [&mut numeric, &mut tail] {
        while part.last().is_some_and(|last| is_zero(last)) {
            part.pop();
        }
    }
    numeric.append(&mut tail);
    Some(numeric)
}

fn is_number(segment: &str) -> bool {
    segment.starts_with(|c: char| c.is_ascii_digit())
}

fn is_zero(segment: &str) -> bool {
    segment.bytes().all(|byte| byte == b'0')
}
