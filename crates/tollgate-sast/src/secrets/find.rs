//! Finding secrets in one text.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashSet;
use tollgate_core::{Confidence, RuleId, Severity};

use super::check::Check;
use super::entropy::shannon;
use super::format::{Format, FormatError, formats};
use super::generic::{self, Certainty};
use super::placeholder::is_placeholder;

/// Rule id of random-looking values assigned to telling names.
pub(super) const GENERIC_KEY: &str = "secrets.generic.high-entropy-value";
/// Rule id of passwords assigned to telling names.
pub(super) const GENERIC_PASSWORD: &str = "secrets.generic.password";

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The rule that found it.
    pub rule: RuleId,
    /// What it is.
    pub name: String,
    /// The value, in bytes of the text.
    pub range: Range<usize>,
    /// How bad a leak is.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
}

/// Finds secrets; built once and shared by all threads.
#[derive(Debug)]
pub struct Detector {
    formats: Vec<Format>,
    keywords: AhoCorasick,
    /// For each keyword the formats it selects; `None` selects the generic search.
    selects: Vec<Option<usize>>,
    entropy: bool,
    /// How values of formats with a checksum begin.
    marks: Vec<String>,
}

impl Detector {
    /// A detector of the embedded formats but those in `disable`, with or without the generic search.
    ///
    /// # Errors
    /// When the embedded formats are wrong; a test proves they are not.
    pub fn new(disable: &[String], entropy: bool) -> Result<Self, FormatError> {
        let is_disabled =
            |id: &str| disable.iter().any(|name| name == id || id.starts_with(&format!("{name}.")));
        let formats: Vec<Format> =
            formats()?.into_iter().filter(|format| !is_disabled(format.id.as_str())).collect();
        let mut words = Vec::new();
        let mut selects = Vec::new();
        for (index, format) in formats.iter().enumerate() {
            for keyword in &format.keywords {
                words.push(keyword.clone());
                selects.push(Some(index));
            }
        }
        if entropy {
            for keyword in generic::KEYWORDS {
                let capitalised = format!("{}{}", keyword[..1].to_uppercase(), &keyword[1..]);
                for spelling in [keyword.to_owned(), keyword.to_uppercase(), capitalised] {
                    words.push(spelling);
                    selects.push(None);
                }
            }
        }
        let keywords =
            AhoCorasick::builder().match_kind(MatchKind::Standard).build(&words).map_err(|error| {
                FormatError::Syntax { file: "keywords".to_owned(), message: error.to_string() }
            })?;
        let marks = formats
            .iter()
            .filter(|format| format.check.is_some_and(Check::is_checksum))
            .flat_map(|format| format.keywords.clone())
            .collect();
        Ok(Self { formats, keywords, selects, entropy, marks })
    }

    /// The formats in use, sorted by id.
    #[must_use]
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// A secret of a rule this detector has, at a place that is known.
    pub(super) fn secret(&self, rule: &str, range: Range<usize>) -> Option<Secret> {
        if let Some(certainty) = Certainty::of_rule(rule) {
            return Some(generic_secret(certainty, range));
        }
        let format = self.formats.iter().find(|format| format.id.as_str() == rule)?;
        Some(formatted_secret(format, range))
    }

    /// The secrets of a text, sorted, not overlapping: of two that overlap the more certain stays.
    /// `is_config` allows unquoted values in the generic search; `is_test` leaves that search out.
    #[must_use]
    pub fn find(&self, text: &str, is_config: bool, is_test: bool) -> Vec<Secret> {
        let mut found = Vec::new();
        let mut tried: FxHashSet<(Option<usize>, usize)> = FxHashSet::default();
        for hit in self.keywords.find_overlapping_iter(text) {
            let select = self.selects[hit.pattern().as_usize()];
            let line = line_around(text, hit.start());
            let key = (select, if self.is_whole_file(select) { 0 } else { line.start });
            if !tried.insert(key) {
                continue;
            }
            match select {
                Some(format) => self.find_format(text, &self.formats[format], &line, hit.start(), &mut found),
                None if self.entropy && !is_test => self.find_generic(text, &line, is_config, &mut found),
                None => {}
            }
        }
        without_overlaps(found)
    }

    fn is_whole_file(&self, select: Option<usize>) -> bool {
        select.is_some_and(|format| self.formats[format].whole_file)
    }

    fn find_format(
        &self,
        text: &str,
        format: &Format,
        line: &Range<usize>,
        at: usize,
        found: &mut Vec<Secret>,
    ) {
        let area = if format.whole_file {
            0..text.len()
        } else {
            // A value stands on the line of its keyword, or on those after it (keys in PEM).
            let from = text.floor_char_boundary(at.saturating_sub(400)).max(line.start);
            let spans_lines = format.pattern().contains(r"\s");
            let to = if spans_lines { at + 24_000 } else { line.end.min(at + 6_000) };
            from..text.floor_char_boundary(to.min(text.len()))
        };
        let Some(regex) = format.regex() else { return };
        for captures in regex.captures_iter(&text[area.clone()]) {
            let Some(value) = captures.get(1).or_else(|| captures.get(0)) else { continue };
            let range = area.start + value.start()..area.start + value.end();
            let value = value.as_str();
            let is_near = format.near.is_empty() || {
                let around = surroundings(text, &range).to_lowercase();
                format.near.iter().any(|word| around.contains(word))
            };
            let is_real = is_near
                && shannon(value) >= format.entropy
                && !is_stand_in(value)
                && format.check.is_none_or(|check| check.passes(value));
            if is_real {
                found.push(formatted_secret(format, range));
            }
        }
    }
}

impl Detector {
    fn find_generic(&self, text: &str, line: &Range<usize>, is_config: bool, found: &mut Vec<Secret>) {
        for (range, certainty) in generic::find_in_line(&text[line.clone()], is_config) {
            let range = line.start + range.start..line.start + range.end;
            // A value that bears the mark of a format with a checksum and fails it is no secret.
            if self.marks.iter().any(|mark| text[range.clone()].starts_with(mark)) {
                continue;
            }
            found.push(generic_secret(certainty, range));
        }
    }
}

impl Certainty {
    fn of_rule(rule: &str) -> Option<Self> {
        [Self::Random, Self::Password].into_iter().find(|certainty| certainty.words().0 == rule)
    }

    /// The rule that reports it, and what it is.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Random => (GENERIC_KEY, "random-looking credential"),
            Self::Password => (GENERIC_PASSWORD, "password"),
        }
    }
}

fn formatted_secret(format: &Format, range: Range<usize>) -> Secret {
    let distinctive = format.near.is_empty();
    Secret {
        rule: format.id.clone(),
        name: format.name.clone(),
        range,
        severity: format.severity,
        confidence: if distinctive { Confidence::High } else { Confidence::Medium },
    }
}

fn generic_secret(certainty: Certainty, range: Range<usize>) -> Secret {
    let (rule, name) = certainty.words();
    Secret {
        rule: RuleId::parse(rule).expect("the id is a literal"),
        name: name.to_owned(),
        range,
        severity: Severity::High,
        confidence: Confidence::Medium,
    }
}

/// Placeholders inside a formatted value; the words of passwords would hit random texts by chance, so
/// only long ones count.
fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let body = value.rsplit(['_', '-', '.']).next().unwrap_or(value);
    ["example", "xxxxx", "*****", "placeholder", "redacted", "your_", "${", "{{"]
        .iter()
        .any(|word| lower.contains(word))
        || body.len() >= 8 && {
            let all_same = body.bytes().all(|byte| Some(byte) == body.bytes().next());
            let sequence =
                lower.contains("abcdefghij") || lower.contains("0123456789") || lower.contains("1234567890");
            all_same || sequence
        }
        || body.len() < 8 && is_placeholder(value) && value.len() < 20
}

/// The line that holds a byte, without its break; of very long lines the part around the byte.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |found| found + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |found| at + found);
    start..end
}

/// The line of a value up to 200 bytes either side, and the line before.
fn surroundings<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let line = line_around(text, range.start);
    let before = line_around(text, line.start.saturating_sub(1));
    let from = text.floor_char_boundary(range.start.saturating_sub(200)).max(before.start);
    let to = text.floor_char_boundary((range.end + 200).min(text.len())).min(line.end.max(range.end));
    &text[from..to]
}

fn without_overlaps(mut found: Vec<Secret>) -> Vec<Secret> {
    let rank = |secret: &Secret| {
        let is_generic = secret.rule.as_str().starts_with("secrets.generic.");
        (is_generic, std::cmp::Reverse(secret.confidence), std::cmp::Reverse(secret.range.len()))
    };
    found.sort_by(|a, b| {
        rank(a).cmp(&rank(b)).then_with(|| (a.range.start, &a.rule).cmp(&(b.range.start, &b.rule)))
    });
    let mut kept: Vec<Secret> = Vec::new();
    for secret in found {
        let overlaps =
            |other: &Secret| other.range.start < secret.range.end && secret.range.start < other.range.end;
        if !kept.iter().any(overlaps) {
            kept.push(secret);
        }
    }
    kept.sort_by(|a, b| (a.range.start, &a.rule).cmp(&(b.range.start, &b.rule)));
    kept
}
