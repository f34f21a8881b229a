//! What an endpoint answers when nobody attacks it, and when two answers are the same.

use std::collections::BTreeSet;

use crate::client::Credentials;
use crate::message::{Answer, Template};

/// The usual answer of an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Baseline {
    pub(crate) template: Template,
    pub(crate) with: Credentials,
    pub(crate) answer: Answer,
    /// Lines that differ between two equal requests.
    pub(crate) unstable: BTreeSet<String>,
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
        Self { template, with, answer: first, unstable, slowest }
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
        let mut location = answer.header("location").unwrap_or_default().to_owned();
        let mut all: Vec<String> = payloads.iter().flat_map(|payload| echoes(payload)).collect();
        all.sort_by_key(|echo| std::cmp::Reverse(echo.len()));
        for echo in all {
            if echo.len() > 2 {
                text = text.replace(&echo, "\u{1}");
                location = location.replace(&echo, "\u{1}");
            }
        }
        View { status: answer.status, location, text }
    }
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
fn pieces(body: &str) -> impl Iterator<Item = &str> {
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

/// The forms in which a page may show the payload.
fn echoes(payload: &str) -> Vec<String> {
    if payload.is_empty() {
        return Vec::new();
    }
    let html = |apostrophe: &str, quote: &str, extra: bool| {
        let mut out = String::new();
        for c in payload.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\'' => out.push_str(apostrophe),
                '"' => out.push_str(quote),
                '/' if extra => out.push_str("&#x2F;"),
                '=' if extra => out.push_str("&#x3D;"),
                c => out.push(c),
            }
        }
        out
    };
    let mut out = vec![
        payload.to_owned(),
        html("&#39;", "&#34;", false),
        html("&#39;", "&quot;", false),
        html("&#x27;", "&quot;", false),
        html("&#039;", "&quot;", false),
        html("&apos;", "&quot;", false),
        html("'", "\"", false),
        html("&#x27;", "&quot;", true),
        html("&#39;", "&quot;", true),
        crate::message::encode(payload),
        crate::message::encode(payload).replace("%20", "+"),
        payload.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\""),
        payload.replace('\'', "''"),
        serde_json::to_string(payload).unwrap_or_default().trim_matches('"').to_owned(),
    ];
    out.sort_by_key(|echo| std::cmp::Reverse(echo.len()));
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;
    use crate::settings::ScopeSettings;
    use std::time::Duration;

    fn answer(body: &str) -> Answer {
        Answer {
            status: 200,
            headers: Vec::new(),
            body: body.to_owned(),
            truncated: false,
            elapsed: Duration::ZERO,
        }
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
        check("a", "a", ("you said it&#39;s", "it's"), ("you said x&lt;y", "x<y"), true);
        check("a", "a", ("see /etc/one: /etc/one", "/etc/one"), ("see /etc/one: /etc/two", "/etc/two"), true);
        check("a", "a", ("no rows 'q'or'7'='7", "-"), ("no rows 'q'or'7'='8", "-"), true);
        check("a", "a", ("12 rows", "-"), ("0 rows", "-"), false);
        check("a", "a", ("found", "-"), ("nothing", "-"), false);
    }
}
