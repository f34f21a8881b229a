//! Python (<https://peps.python.org/pep-0440/>), with the texts of before PEP 440 below every version of
//! it, in the order that setuptools gave them.

use pep440_rs::{LocalSegment, PrereleaseKind, Version};

use super::key::{KeyWriter, VersionKey, split_digits};

const END: u8 = 0;
const WORD: u8 = 1;
const NUMBER: u8 = 2;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    if text.is_empty() {
        return None;
    }
    match text.parse::<Version>() {
        Ok(version) => Some(regular(&version)),
        Err(_) => Some(long_numbers(text).unwrap_or_else(|| legacy(text))),
    }
}

fn regular(version: &Version) -> VersionKey {
    let mut key = KeyWriter::regular();
    key.number(version.epoch());
    let release = version.release();
    let significant = release.iter().rposition(|&number| number != 0).map_or(0, |at| at + 1);
    for &number in &release[..significant] {
        key.mark(NUMBER).number(number);
    }
    key.mark(END);
    match (version.pre(), version.post(), version.dev()) {
        (Some(pre), _, _) => {
            let kind = match pre.kind {
                PrereleaseKind::Alpha => 1,
                PrereleaseKind::Beta => 2,
                PrereleaseKind::Rc => 3,
            };
            key.mark(kind).number(pre.number);
        }
        (None, None, Some(_)) => {
            key.mark(0);
        }
        (None, ..) => {
            key.mark(4);
        }
    }
    match version.post() {
        Some(post) => key.mark(1).number(post),
        None => key.mark(0),
    };
    match version.dev() {
        Some(dev) => key.mark(0).number(dev),
        None => key.mark(1),
    };
    for segment in version.local() {
        match segment {
            LocalSegment::String(word) => key.mark(WORD).word(word),
            LocalSegment::Number(number) => key.mark(NUMBER).number(*number),
        };
    }
    key.mark(END);
    key.finish()
}

/// Dotted numbers too large for the parser.
fn long_numbers(text: &str) -> Option<VersionKey> {
    let mut numbers: Vec<&str> = text.trim_start_matches(['v', 'V']).split('.').collect();
    if numbers.iter().any(|number| number.is_empty() || !split_digits(number).1.is_empty()) {
        return None;
    }
    while numbers.last().is_some_and(|last| last.bytes().all(|byte| byte == b'0')) {
        numbers.pop();
    }
    let mut key = KeyWriter::regular();
    key.number(0);
    for number in numbers {
        key.mark(NUMBER).digits(number);
    }
    key.mark(END).mark(4).mark(0).mark(1).mark(END);
    Some(key.finish())
}

/// Runs of digits and of letters; words below numbers, except that `final` and post-release words are
/// above the end and pre-release words below it.
fn legacy(text: &str) -> VersionKey {
    const FINAL: &str = "*final";
    let lower = text.to_lowercase();
    let mut parts: Vec<String> = Vec::new();
    for part in legacy_parts(&lower) {
        if part.starts_with('*') {
            if part.as_str() < FINAL {
                while parts.last().is_some_and(|last| last == "*final-") {
                    parts.pop();
                }
            }
            while parts.last().is_some_and(|last| last == "00000000") {
                parts.pop();
            }
        }
        parts.push(part);
    }
    let mut key = KeyWriter::legacy();
    for part in parts {
        key.mark(WORD).word(&part);
    }
    key.mark(END);
    key.finish()
}

fn legacy_parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (part, after) = if first.is_ascii_digit() {
            split_digits(rest)
        } else if first.is_ascii_lowercase() {
            rest.split_at(rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len()))
        } else {
            rest.split_at(first.len_utf8())
        };
        rest = after;
        match part {
            "." => {}
            "pre" | "preview" | "c" | "rc" => parts.push("*c".to_owned()),
            "-" => parts.push("*final-".to_owned()),
            "dev" => parts.push("*@".to_owned()),
            number if first.is_ascii_digit() => parts.push(format!("{number:0>8}")),
            word => parts.push(format!("*{word}")),
        }
    }
    parts.push("*final".to_owned());
    parts
}
