//! Maven (<https://maven.apache.org/pom.html#version-order-specification>), written from that
//! specification. Tokens are separated by dots, hyphens and changes between digits and letters (which
//! count as hyphens); tokens that mean nothing (`0`, `final`, `ga`, `release`) are dropped before a
//! qualifier, before a hyphen and at the end.
//!
//! The specification pads the shorter version with nothing while comparing. Since a number that means
//! nothing survives only before one that means something, ending early is simply smaller than any
//! number, and larger than the qualifiers of pre-releases: that makes the order one of plain bytes.

use super::key::{KeyWriter, VersionKey, split_digits};

const END: u8 = 6;
/// A `final` in the middle.
const NEUTRAL: u8 = 7;
const SERVICE_PACK: u8 = 8;
const QUALIFIER: u8 = 9;
const HYPHEN_NUMBER: u8 = 10;
const DOT_NUMBER: u8 = 11;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    if text.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    let mut key = KeyWriter::regular();
    for token in tokens(&lower) {
        match token.text {
            Text::Number(digits) if token.hyphen => key.mark(HYPHEN_NUMBER).digits(digits),
            Text::Number(digits) => key.mark(DOT_NUMBER).digits(digits),
            Text::Qualifier("alpha") => key.mark(1),
            Text::Qualifier("beta") => key.mark(2),
            Text::Qualifier("milestone") => key.mark(3),
            Text::Qualifier("rc") => key.mark(4),
            Text::Qualifier("snapshot") => key.mark(5),
            Text::Qualifier("") => key.mark(NEUTRAL),
            Text::Qualifier("sp") => key.mark(SERVICE_PACK),
            Text::Qualifier(word) => key.mark(QUALIFIER).word(word),
        };
    }
    key.mark(END);
    Some(key.finish())
}

#[derive(Clone, Copy)]
struct Token<'a> {
    hyphen: bool,
    text: Text<'a>,
}

#[derive(Clone, Copy)]
enum Text<'a> {
    Number(&'a str),
    Qualifier(&'a str),
}

impl Token<'_> {
    fn means_nothing(&self) -> bool {
        match self.text {
            Text::Number(digits) => digits.bytes().all(|byte| byte == b'0'),
            Text::Qualifier(word) => word.is_empty(),
        }
    }

    /// Whether tokens before it that mean nothing are dropped.
    fn trims(&self) -> bool {
        self.hyphen || matches!(self.text, Text::Qualifier(_))
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut rest = text;
    let mut hyphen = false;
    loop {
        let (number, after) = split_digits(rest);
        let (read, after) = if number.is_empty() {
            let (word, after) = rest.split_at(
                rest.find(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')).unwrap_or(rest.len()),
            );
            let joined = after.starts_with(|c: char| c.is_ascii_digit());
            let read = if rest.is_empty() || word.is_empty() {
                Text::Number("0")
            } else {
                Text::Qualifier(canonical(word, joined))
            };
            (read, after)
        } else {
            (Text::Number(number), after)
        };
        push(&mut tokens, Token { hyphen, text: read });
        let Some(separator) = after.chars().next() else { break };
        hyphen = separator != '.';
        rest = if matches!(separator, '.' | '-') { &after[1..] } else { after };
    }
    trim(&mut tokens);
    tokens
}

fn push<'a>(tokens: &mut Vec<Token<'a>>, token: Token<'a>) {
    if token.trims() {
        trim(tokens);
    }
    tokens.push(token);
}

/// Drops tokens at the end that mean nothing. The first stays: `0-1` is not `-1`.
fn trim(tokens: &mut Vec<Token<'_>>) {
    while tokens.len() > 1 && tokens.last().is_some_and(Token::means_nothing) {
        tokens.pop();
    }
}

/// The one spelling of a qualifier; `a`, `b` and `m` are short forms only right before a number.
fn canonical(word: &str, before_number: bool) -> &str {
    match word {
        "a" if before_number => "alpha",
        "b" if before_number => "beta",
        "m" if before_number => "milestone",
        "cr" => "rc",
        "ga" | "final" | "release" => "",
        _ => word,
    }
}
