//! `tollgate/v1`: the identity of a finding over time.
//!
//! Code: rule, path, enclosing scope, flawed text and its number among equals in that scope. White space
//! counts only where it parts two words, so re-indenting and re-wrapping change nothing. Packages: path,
//! ecosystem, package and advisory, and the number of the version among several in one lockfile.
//! Endpoints: method, route, parameter and check.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use tollgate_core::{Finding, Fingerprint, Position, Subject};

/// The fingerprint of each finding, in order. The findings are those of one scan: the number among
/// equals is counted over them.
#[must_use]
pub fn fingerprints<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Fingerprint> {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let keyed: Vec<(Base, Place<'a>)> =
        findings.into_par_iter().map(|finding| (base(finding), place(finding))).collect();
    let mut numbers = vec![0_u32; keyed.len()];
    let mut groups: FxHashMap<Base, u32> = FxHashMap::default();
    for (base, _) in &keyed {
        *groups.entry(*base).or_default() += 1;
    }
    let mut order: Vec<usize> = (0..keyed.len()).filter(|index| groups[&keyed[*index].0] > 1).collect();
    order.sort_unstable_by(|a, b| keyed[*a].cmp(&keyed[*b]));
    for pair in order.windows(2) {
        let (before, after) = (&keyed[pair[0]], &keyed[pair[1]]);
        if before.0 == after.0 {
            numbers[pair[1]] = numbers[pair[0]] + u32::from(before.1 != after.1);
        }
    }
    keyed.par_iter().zip(numbers).map(|((base, _), number)| numbered(*base, number)).collect()
}

/// A text in which white space counts only where it parts two words.
#[must_use]
pub fn fold_text(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut last_is_word = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && last_is_word && is_word(c) {
            out.push(' ');
        }
        gap = false;
        last_is_word = is_word(c);
        out.push(c);
    }
    out
}

type Base = [u8; 16];

/// What numbers equal findings: the region, or the version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Region(Position, Position),
    Version(&'a str),
    None,
}

fn place(finding: &Finding) -> Place<'_> {
    match &finding.subject {
        Subject::Code(code) => Place::Region(code.location.region.start(), code.location.region.end()),
        Subject::Package(package) => Place::Version(&package.version),
        Subject::Endpoint(_) | Subject::Nowhere => Place::None,
    }
}

fn base(finding: &Finding) -> Base {
    let mut hash = PartHash::new();
    hash.part(finding.scanner.as_str());
    hash.part(finding.rule.as_str());
    match &finding.subject {
        Subject::Code(code) => {
            hash.part("code");
            hash.part(code.location.path.as_str());
            for scope in &code.scope {
                hash.part(&fold_text(scope));
            }
            hash.part("");
            if code.identity.is_empty() {
                hash.part(&fold_text(&finding.message));
            } else {
                hash.part(&fold_text(&code.identity));
            }
        }
        Subject::Package(package) => {
            hash.part("package");
            hash.part(package.location.path.as_str());
            hash.part(&package.ecosystem);
            hash.part(&package.package);
        }
        Subject::Endpoint(endpoint) => {
            hash.part("endpoint");
            hash.part(&endpoint.method.to_ascii_uppercase());
            hash.part(&endpoint.route);
            if let Some(parameter) = &endpoint.parameter {
                hash.part(parameter.place.as_str());
                hash.part(&parameter.name);
            }
        }
        Subject::Nowhere => {
            hash.part("nowhere");
            hash.part(&finding.message);
        }
    }
    hash.finish()
}

fn numbered(base: Base, number: u32) -> Fingerprint {
    let digits: String = base.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect();
    Fingerprint::of_parts(["tollgate/v1", &digits, &number.to_string()])
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

struct PartHash(Sha256);

impl PartHash {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn part(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn finish(self) -> Base {
        let digest = self.0.finalize();
        let mut base = [0; 16];
        base.copy_from_slice(&digest[..16]);
        base
    }
}

#[cfg(test)]
mod tests;
