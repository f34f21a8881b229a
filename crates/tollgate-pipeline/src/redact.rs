//! Keeping secret values out of everything a report shows.

use aho_corasick::{AhoCorasick, MatchKind};
use sha2::{Digest as _, Sha256};
use tollgate_core::Fix;

/// Shorter values occur in ordinary words; they are masked by position only.
const SHORTEST_VALUE: usize = 6;

/// Values that no output may show.
pub(crate) struct Secrets {
    matcher: Option<AhoCorasick>,
    marks: Vec<String>,
}

impl Secrets {
    pub(crate) fn new(mut values: Vec<String>) -> Self {
        values.retain(|value| value.trim().len() >= SHORTEST_VALUE);
        // A secret over several lines is met line by line in messages and snippets.
        let parts: Vec<String> = values
            .iter()
            .filter(|value| value.contains('\n'))
            .flat_map(|value| value.lines().map(|line| line.trim().to_owned()))
            .filter(|line| line.len() >= 16)
            .collect();
        values.extend(parts);
        values.sort();
        values.dedup();
        let marks = values.iter().map(|value| mark(value)).collect();
        let matcher = (!values.is_empty())
            .then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&values).ok())
            .flatten();
        Self { matcher, marks }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.matcher.is_none()
    }

    /// Replaces values in prose.
    pub(crate) fn redact(&self, text: &mut String) {
        self.replace(text, |_, _| "<redacted>".to_owned());
    }

    /// Replaces values by a mark that differs from value to value, for identities.
    pub(crate) fn redact_identity(&self, text: &mut String) {
        self.replace(text, |pattern, _| self.marks[pattern].clone());
    }

    /// Replaces every character of values, so that columns stay true.
    pub(crate) fn mask(&self, text: &mut String) {
        self.replace(text, |_, value| {
            value.chars().map(|c| if c == '\n' || c == '\r' { c } else { '*' }).collect()
        });
    }

    /// Whether a repair would write a value out.
    pub(crate) fn shown_by(&self, fix: &Fix) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        matcher.is_match(&fix.description) || fix.edits.iter().any(|edit| matcher.is_match(&edit.replacement))
    }

    fn replace(&self, text: &mut String, with: impl Fn(usize, &str) -> String) {
        let Some(matcher) = &self.matcher else { return };
        if !matcher.is_match(text.as_str()) {
            return;
        }
        let mut out = String::with_capacity(text.len());
        matcher.replace_all_with(text, &mut out, |found, value, out| {
            out.push_str(&with(found.pattern().as_usize(), value));
            true
        });
        *text = out;
    }
}

/// Identities are hashed again before anyone sees them; the mark only has to tell values apart.
fn mark(value: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"tollgate secret in identity\0");
    hash.update(value.as_bytes());
    let digits: String = hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("<secret {digits}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_disappear_everywhere() {
        let secrets = Secrets::new(vec!["hunter22".to_owned(), "abc".to_owned()]);
        let check = |act: fn(&Secrets, &mut String), expected: &str| {
            let mut text = "abc: hunter22!".to_owned();
            act(&secrets, &mut text);
            assert_eq!(text, expected);
        };
        check(Secrets::redact, "abc: <redacted>!");
        check(Secrets::mask, "abc: ********!");
        let mut identity = "x = hunter22".to_owned();
        secrets.redact_identity(&mut identity);
        assert!(identity.starts_with("x = <secret ") && !identity.contains("hunter22"));
    }
}
