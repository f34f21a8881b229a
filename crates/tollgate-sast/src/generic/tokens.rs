//! Generic mode: patterns as sequences of words and signs, for text without a grammar.
//!
//! Words match words, signs match signs, white space only separates. `...` crosses a bounded number of
//! lines and keeps brackets balanced; `$X` is one word, `$...X` a stretch of one or more tokens.

use std::cell::OnceCell;

use tollgate_core::Cancel;

use crate::matching::{Binding, Bindings, Match, Metavar, Span};

/// Patterns longer than this are refused.
const MAX_PATTERN_TOKENS: usize = 2_000;
/// Steps one start may take before it is given up.
const MAX_STEPS: u32 = 20_000;

/// What changes how generic patterns match.
#[derive(Debug, Clone)]
pub(crate) struct TokenOptions {
    /// Lines that `...` may cross.
    pub(crate) max_span: u32,
    pub(crate) caseless: bool,
}

/// A compiled token sequence.
#[derive(Debug)]
pub(crate) struct TokenPattern {
    items: Vec<Item>,
    max_span: u32,
    caseless: bool,
    words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Word(String),
    Sign(char),
    Metavariable(Metavar),
    /// `...`, or `$...X` when it has a name; the number of them in a row widens the lines they cross.
    Dots(Option<Metavar>, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Sign,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    kind: Kind,
    span: Span,
    line: u32,
    /// For an opening bracket the index of its partner; itself otherwise.
    partner: u32,
    opens: bool,
    closes: bool,
}

/// The tokens of one text, made when first needed.
#[derive(Debug, Default)]
pub struct TokenCache {
    whole: OnceCell<Vec<Token>>,
}

impl TokenPattern {
    pub(crate) fn new(text: &str, options: &TokenOptions) -> Result<Self, String> {
        let mut items = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if items.len() > MAX_PATTERN_TOKENS {
                return Err("the pattern is too long".to_owned());
            }
            let (item, length) = if c.is_whitespace() {
                (None, c.len_utf8())
            } else if rest.starts_with("...") {
                (Some(Item::Dots(None, 1)), 3)
            } else if let Some(name) = metavariable(rest) {
                let item = if name.starts_with("$...") {
                    Item::Dots(Some(name.into()), 1)
                } else {
                    Item::Metavariable(name.into())
                };
                (Some(item), name.len())
            } else if is_word(c) {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Some(Item::Word(rest[..length].to_owned())), length)
            } else {
                (Some(Item::Sign(c)), c.len_utf8())
            };
            match (item, items.last_mut()) {
                (Some(Item::Dots(None, _)), Some(Item::Dots(None, count))) => *count += 1,
                (Some(item), _) => items.push(item),
                (None, _) => {}
            }
            rest = &rest[length..];
        }
        if items.is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        let words = if options.caseless {
            Vec::new()
        } else {
            let mut words: Vec<String> = items
                .iter()
                .filter_map(|item| match item {
                    Item::Word(word) => Some(word.clone()),
                    _ => None,
                })
                .collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            words.dedup();
            words
        };
        Ok(Self { items, max_span: options.max_span, caseless: options.caseless, words })
    }

    pub(crate) fn required_words(&self) -> &[String] {
        &self.words
    }

    /// Every match inside the window, leftmost first, not overlapping.
    pub(crate) fn find(&self, text: &str, window: Span, cache: &TokenCache, cancel: &Cancel) -> Vec<Match> {
        let own;
        let whole = window.start == 0 && window.end as usize == text.len();
        let tokens: &[Token] = if whole {
            cache.whole.get_or_init(|| tokenise(text, window))
        } else {
            own = tokenise(text, window);
            &own
        };
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if at % 1024 == 0 && cancel.is_cancelled() {
                break;
            }
            match self.at(text, tokens, at) {
                Some((end, mut bound)) if end > at => {
                    // Of the matches that end here the shortest is meant: `a ... b` in `a a b` is `a b`.
                    let mut first = at;
                    if self.items.iter().any(|item| matches!(item, Item::Dots(..))) {
                        for later in at + 1..end {
                            if let Some((_, closer)) =
                                self.at(text, tokens, later).filter(|(own, _)| *own == end)
                            {
                                first = later;
                                bound = closer;
                            }
                        }
                    }
                    let span = Span { start: tokens[first].span.start, end: tokens[end - 1].span.end };
                    let mut bindings = Bindings::default();
                    for (name, span) in bound {
                        bindings.insert(name, Binding::text_at(span, span.of(text)));
                    }
                    found.push(Match { span, bindings, node: None });
                    at = end;
                }
                _ => at += 1,
            }
        }
        found
    }
}

impl TokenPattern {
    /// Where a match that begins at a token ends, and what it binds.
    fn at(&self, text: &str, tokens: &[Token], at: usize) -> Option<(usize, Vec<(Metavar, Span)>)> {
        let mut run = Run { pattern: self, text, tokens, bindings: Vec::new(), steps: 0 };
        let end = run.from(0, at)?;
        Some((end, run.bindings))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn metavariable(text: &str) -> Option<&str> {
    let prefix = if text.starts_with("$...") { 4 } else { 1 };
    let rest = text.strip_prefix('$').map(|_| &text[prefix..])?;
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        .count();
    let starts = rest.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase() || byte == b'_');
    // `$Foo` is text, `$FOO` a metavariable.
    let ends = !rest[length..].starts_with(is_word);
    (length > 0 && starts && ends).then(|| &text[..prefix + length])
}

fn tokenise(text: &str, window: Span) -> Vec<Token> {
    let slice = window.of(text);
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    let mut line = 0;
    let mut chars = slice.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        if c.is_whitespace() {
            continue;
        }
        let mut end = at + c.len_utf8();
        let kind = if is_word(c) { Kind::Word } else { Kind::Sign };
        if kind == Kind::Word {
            while let Some((next, c)) = chars.next_if(|(_, c)| is_word(*c)) {
                end = next + c.len_utf8();
            }
        }
        let index = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
        let narrow = |offset: usize| window.start + u32::try_from(offset).unwrap_or(u32::MAX - window.start);
        let span = Span { start: narrow(at), end: narrow(end) };
        let mut token = Token { kind, span, line, partner: index, opens: false, closes: false };
        match c {
            '(' | '[' | '{' => open.push(index),
            ')' | ']' | '}' => {
                let matching = |index: &u32| {
                    let opened = tokens[*index as usize].span.of(text);
                    matches!((opened, c), ("(", ')') | ("[", ']') | ("{", '}'))
                };
                if open.last().is_some_and(matching)
                    && let Some(partner) = open.pop()
                {
                    let first = &mut tokens[partner as usize];
                    first.partner = index;
                    first.opens = true;
                    token.closes = true;
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    tokens
}

struct Run<'r> {
    pattern: &'r TokenPattern,
    text: &'r str,
    tokens: &'r [Token],
    bindings: Vec<(Metavar, Span)>,
    steps: u32,
}

impl Run<'_> {
    /// Where the match of the items from `item` ends when it begins at token `at`.
    fn from(&mut self, mut item: usize, mut at: usize) -> Option<usize> {
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            let Some(wanted) = self.pattern.items.get(item) else { return Some(at) };
            match wanted {
                Item::Dots(name, count) => return self.dots(name.clone(), *count, item, at),
                Item::Word(word) => {
                    let token = self.tokens.get(at)?;
                    let own = token.span.of(self.text);
                    let same =
                        if self.pattern.caseless { own.eq_ignore_ascii_case(word) } else { own == word };
                    if token.kind != Kind::Word || !same {
                        return None;
                    }
                }
                Item::Sign(sign) => {
                    let token = self.tokens.get(at)?;
                    if token.kind != Kind::Sign || !token.span.of(self.text).starts_with(*sign) {
                        return None;
                    }
                }
                Item::Metavariable(name) => {
                    let token = self.tokens.get(at)?;
                    if token.kind != Kind::Word || !self.bind(name.clone(), token.span) {
                        return None;
                    }
                }
            }
            item += 1;
            at += 1;
        }
    }

    fn bind(&mut self, name: Metavar, span: Span) -> bool {
        if &*name == "$_" {
            return true;
        }
        match self.bindings.iter().find(|(own, _)| *own == name) {
            Some((_, own)) => own.of(self.text) == span.of(self.text),
            None => {
                self.bindings.push((name, span));
                true
            }
        }
    }

    /// What tokens bind together: with the white space before them, without that behind.
    fn stretch(&self, first: usize, end: usize) -> Span {
        let before = first.checked_sub(1).map(|at| self.tokens[at].span.end);
        let start = before.or_else(|| Some(self.tokens.get(first)?.span.start)).unwrap_or_default();
        let end = if end > first { self.tokens[end - 1].span.end } else { start };
        Span { start, end }
    }

    /// Tries the rest of the pattern after ever more tokens; brackets are crossed whole.
    fn dots(&mut self, name: Option<Metavar>, count: u32, item: usize, first: usize) -> Option<usize> {
        let last = item + 1 == self.pattern.items.len();
        // Up to the bracket that closes the pattern's own there is no limit.
        let closes = matches!(self.pattern.items.get(item + 1), Some(Item::Sign(')' | ']' | '}')));
        let span_limit = if closes { u32::MAX } else { self.pattern.max_span.saturating_mul(count) };
        let first_line = match first.checked_sub(1) {
            Some(before) => self.tokens[before].line,
            None => self.tokens.get(first).map_or(0, |token| token.line),
        };
        let mut at = first;
        // At the end of a pattern `...` takes what is left of its lines, up to the closing bracket.
        let mut furthest = None;
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            let beyond = |token: &Token| token.line.saturating_sub(first_line) > span_limit;
            if self.tokens.get(at).is_some_and(beyond) {
                break;
            }
            let kept = self.bindings.len();
            let span = self.stretch(first, at);
            let bound = name.as_ref().is_none_or(|name| self.bind(name.clone(), span));
            if bound {
                if last {
                    furthest = Some(at);
                    if name.is_some() {
                        // A named stretch at the end keeps growing too; the binding is made at the end.
                        self.bindings.truncate(kept);
                    }
                } else if let Some(end) = self.from(item + 1, at) {
                    return Some(end);
                }
            }
            if !last || !bound {
                self.bindings.truncate(kept);
            }
            let Some(token) = self.tokens.get(at) else { break };
            if token.closes {
                break;
            }
            at = if token.opens { token.partner as usize + 1 } else { at + 1 };
        }
        let end = furthest?;
        if let Some(name) = name
            && end > first
        {
            let span = self.stretch(first, end);
            self.bind(name, span);
        }
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: &[&str]) {
        let options = TokenOptions { max_span: 10, caseless: false };
        let compiled = TokenPattern::new(pattern, &options).unwrap();
        let window = Span { start: 0, end: u32::try_from(text.len()).unwrap() };
        let found = compiled.find(text, window, &TokenCache::default(), &Cancel::new());
        let texts: Vec<&str> = found.iter().map(|hit| hit.span.of(text)).collect();
        assert_eq!(texts, expected, "{pattern} on {text}");
    }

    #[test]
    fn matches_token_sequences() {
        check("key = ... end", "key = a b end x", &["key = a b end"]);
        check("a ... z", "a\nb\nz", &["a\nb\nz"]);
        check("a ... z", &format!("a{}z", "\n".repeat(12)), &[]);
        check("f(...)", "f(a, (b), c) )", &["f(a, (b), c)"]);
        check("$X = $X", "a = b c = c", &["c = c"]);
        check("x-y", "x - y", &["x - y"]);
        check("foo", "foobar foo", &["foo"]);
        check("( ... z )", "( a ) z )", &[]);
    }
}
