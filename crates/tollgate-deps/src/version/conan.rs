//! Conan (<https://docs.conan.io/2/tutorial/versioning.html>): dotted items, numbers by value and words by
//! text, then a pre-release below the release. Zeros at the end mean nothing.

use super::key::{KeyWriter, VersionKey};

const PRE_RELEASE: u8 = 1;
const END: u8 = 2;
const NUMBER: u8 = 3;
const WORD: u8 = 4;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    if text.is_empty() || text.chars().any(char::is_whitespace) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let lower = lower
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(&lower);
    let (version, build) = lower.split_once('+').unwrap_or((lower, ""));
    let (main, pre_release) = version.split_once('-').unwrap_or((version, ""));
    let mut key = KeyWriter::regular();
    items(&mut key, main);
    if pre_release.is_empty() {
        key.mark(END);
    } else {
        key.mark(PRE_RELEASE);
        items(&mut key, pre_release);
        key.mark(END);
    }
    if !build.is_empty() {
        items(&mut key, build);
    }
    Some(key.finish())
}

fn items(key: &mut KeyWriter, text: &str) {
    let is_number = |item: &str| !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts: Vec<&str> = text.split('.').collect();
    while parts.last().is_some_and(|last| is_number(last) && last.bytes().all(|byte| byte == b'0')) {
        parts.pop();
    }
    for part in parts {
        if is_number(part) {
            key.mark(NUMBER).digits(part);
        } else {
            key.mark(WORD).word(part);
        }
    }
    key.mark(END);
}
