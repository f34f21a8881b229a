//! What an endpoint answers when nobody attacks it, and when two answers are the same.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::client::Credentials;
use crate::message::{Answer, Template};
use crate::technology::Technology;

/// The usual answer of an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Baseline {
    pub(crate) template: Template,
    pub(crate) with: Credentials,
    pub(crate) answer: Answer,
    /// Lines that differ between two equal requests.
    pub(crate) unstable: BTreeSet<String>,
    pub(crate) technology: Option<Technology>,
    /// Slowest of the equal requests, in seconds.
    pub(crate) slowest: f64,
}

impl Baseline {
    pub(crate) fn of(template: Template, with: Credentials, first: Answer, second: &Answer) -> Self {
        let lines =
            |answer: &Answer| -> BTreeSet<String> { pieces(&answer.body).map(str::to_owned).collect() };
        let (one, two) = (lines(&first), lines(second));
        let unstable = one.symmetric_difference(&two).map(|line| skeleton(line)).collect();
        let slowest = first.elapsed.max(second.elapsed).as_secs_f64();
        Self { template, with, technology: Technology::of(&first), answer: first, unstable, slowest }
    }

    /// The part of an answer that depends on the request: status, redirect and the stable pieces of the
    /// body, with the echoes of the payloads replaced. Answers to be compared need the same payloads, so
    /// that a text which the page holds anyway is replaced in both.
    pub(crate) fn view(&self, answer: &Answer, payloads: &[&str]) -> View {
        let mut text = String::with_capacity(answer.body.len());
        for piece in pieces(&answer.body) {
            if self.unstable.is_empty() || !self.unstable.contains(&skeleton(piece)) {
                text.push_str(piece);
                text.push('\n');
            }
        }
        let mut echoes: Vec<String> = payloads.iter().map(|payload| letters(payload)).collect();
        echoes.sort_by_key(|echo| std::cmp::Reverse(echo.len()));
        let without = |text: &str| {
            let mut text = letters(text);
            for echo in echoes.iter().filter(|echo| echo.len() > 2) {
                text = text.replace(echo.as_str(), "\u{1}");
            }
            text
        };
        let location = without(answer.header("location").unwrap_or_default());
        View { status: answer.status, location, text: without(&text) }
    }
}

/// Letters and digits of a text in lower case, escapes of HTML, addresses and strings left out. Whatever
/// way a page encodes the signs of an echo, its letters stay.
fn letters(text: &str) -> String {
    static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"&#?\w{1,10};|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[nrtbf]")
            .expect("the pattern is a literal")
    });
    // An escape of an escape: `&#x28;` in an address becomes `%26%23x28%3B`.
    let text = if text.contains("%26%23") || text.contains("&amp;#") {
        Cow::Owned(text.replace("%26%23", "&#").replace("&amp;#", "&#").replace("%3B", ";"))
    } else {
        Cow::Borrowed(text)
    };
    ESCAPES
        .replace_all(&text, "")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A comparable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) status: u16,
    location: String,
    text: String,
}

impl View {
    /// Whether two views are the same apart from single characters that the payloads differ in.
    pub(crate) fn same_but(&self, other: &Self, allowed: &[(char, char)]) -> bool {
        self.status == other.status
            && same_text(&self.text, &other.text, allowed)
            && same_text(&self.location, &other.location, allowed)
    }
}

impl View {
    /// Whether two views are the same apart from digits, such as a number that an error repeats.
    pub(crate) fn same_but_digits(&self, other: &Self) -> bool {
        let words = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
        self.status == other.status
            && words(&self.text) == words(&other.text)
            && words(&self.location) == words(&other.location)
    }
}

fn same_text(one: &str, two: &str, allowed: &[(char, char)]) -> bool {
    let (mut left, mut right) = (one.chars(), two.chars());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || allowed.contains(&(a, b)) => {}
            _ => return false,
        }
    }
}

/// A body in pieces: lines, and tags within long lines.
pub(crate) fn pieces(body: &str) -> impl Iterator<Item = &str> {
    body.split(['\n', '>']).map(str::trim).filter(|piece| !piece.is_empty())
}

/// A piece without what changes from request to request: digits and long words of mixed letters.
fn skeleton(piece: &str) -> String {
    let mut out = String::new();
    for word in piece.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let core = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if core.len() >= 12 || core.bytes().any(|b| b.is_ascii_digit()) {
            out.push('#');
            out.push_str(&word[core.len()..]);
        } else {
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;
    use crate::settings::ScopeSettings;

    fn answer(body: &str) -> Answer {
        Answer::made_up(&[], body)
    }

    fn check(first: &str, second: &str, one: (&str, &str), two: (&str, &str), same: bool) {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let template = Template::get(scope.target());
        let baseline = Baseline::of(template, Credentials::default(), answer(first), &answer(second));
        let view = |body: &str| baseline.view(&answer(body), &[one.1, two.1]);
        assert_eq!(view(one.0).same_but(&view(two.0), &[('7', '8')]), same, "{one:?} {two:?}");
    }

    #[test]
    fn echoes_and_moving_parts_do_not_count() {
        let clock = ("<p>12:00:01</p>\nhello", "<p>12:00:02</p>\nhello");
        check(clock.0, clock.1, ("<p>12:00:07</p>\nhello", ""), ("<p>12:00:09</p>\nhello", ""), true);
        check("a", "a", ("you said it&#x0x27;s", "it's"), ("you said xxxx&lt;yyyy", "xxxx<yyyy"), true);
        check("a", "a", ("see /etc/one: /etc/one", "/etc/one"), ("see /etc/one: /etc/two", "/etc/two"), true);
        check("a", "a", ("no rows 'q'or'7'='7", "-"), ("no rows 'q'or'7'='8", "-"), true);
        check("a", "a", ("12 rows", "-"), ("0 rows", "-"), false);
        check("a", "a", ("found", "-"), ("nothing", "-"), false);
    }
}
