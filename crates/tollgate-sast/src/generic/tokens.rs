//! Generic mode: patterns as sequences of words and signs, for text without a grammar.
//!
//! Words match words, signs match signs, white space only separates. `...` crosses a bounded number of
//! lines; `$X` is one word, `$...X` a stretch of tokens. Indentation is the only structure: lines of a
//! pattern that stand deeper than the line before match a whole block of such lines.

use std::cell::OnceCell;

use tollgate_core::Cancel;

use super::comments::Comments;
use crate::matching::{Binding, Bindings, Match, Metavar, Span};

/// Patterns longer than this are refused.
const MAX_PATTERN_TOKENS: usize = 2_000;
/// Blocks in blocks, and ellipses after ellipses, beyond which a pattern does not match.
const MAX_BLOCKS: usize = 40;
const MAX_DEPTH: u32 = 400;
/// Steps one start may take before it is given up.
const MAX_STEPS: u32 = 20_000;

/// What changes how generic patterns match.
#[derive(Debug, Clone)]
pub(crate) struct TokenOptions {
    /// Lines that `...` may cross.
    pub(crate) max_span: u32,
    pub(crate) caseless: bool,
    /// The second generic engine: indentation says nothing, and brackets are skipped with what they hold.
    pub(crate) flat: bool,
    /// What is passed over as comments.
    pub(crate) comments: Option<Comments>,
}

/// A compiled token sequence.
#[derive(Debug)]
pub(crate) struct TokenPattern {
    items: Vec<Item>,
    max_span: u32,
    caseless: bool,
    flat: bool,
    comments: Option<Comments>,
    words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Word(String),
    Sign(char),
    Metavariable(Metavar),
    /// `...`, or `$...X` when it has a name; the number of them in a row widens the lines they cross.
    Dots(Option<Metavar>, u32),
    /// Deeper lines.
    Block(Vec<Self>),
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
    /// Where a block of deeper lines begins: one past its last token.
    block: Option<u32>,
}

/// The tokens of one text, made when first needed.
#[derive(Debug, Default)]
pub struct TokenCache {
    whole: OnceCell<Vec<Token>>,
}

impl TokenPattern {
    pub(crate) fn new(text: &str, options: &TokenOptions) -> Result<Self, String> {
        let mut reader = Reader::default();
        for line in text.lines() {
            let body = line.trim_start();
            if !body.is_empty() {
                let indent = if options.flat { 0 } else { line.len() - body.len() };
                reader.line(indent, body)?;
            }
        }
        let items = reader.finish();
        if items.is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        let words = if options.caseless {
            Vec::new()
        } else {
            let mut words = Vec::new();
            let mut open: Vec<&Item> = items.iter().collect();
            while let Some(item) = open.pop() {
                match item {
                    Item::Word(word) => words.push(word.clone()),
                    Item::Block(inner) => open.extend(inner),
                    _ => {}
                }
            }
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            words.dedup();
            words
        };
        let TokenOptions { max_span, caseless, flat, comments } = *options;
        Ok(Self { items, max_span, caseless, flat, comments, words })
    }

    pub(crate) fn binds(&self, metavariable: &str) -> bool {
        let mut open: Vec<&Item> = self.items.iter().collect();
        while let Some(item) = open.pop() {
            match item {
                Item::Metavariable(name) | Item::Dots(Some(name), _) if **name == *metavariable => {
                    return true;
                }
                Item::Block(inner) => open.extend(inner),
                _ => {}
            }
        }
        false
    }

    pub(crate) fn required_words(&self) -> &[String] {
        &self.words
    }

    /// Every match inside the window, leftmost first, not overlapping.
    pub(crate) fn find(&self, text: &str, window: Span, cache: &TokenCache, cancel: &Cancel) -> Vec<Match> {
        let blanked;
        let text = match self.comments {
            Some(style) => {
                blanked = style.blank(text);
                &blanked
            }
            None => text,
        };
        let own;
        let whole = window.start == 0 && window.end as usize == text.len() && self.comments.is_none();
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
                    if has_dots(&self.items) {
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
                    found.push(Match::plain(span, bindings, None));
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
        let mut run = Run { pattern: self, text, tokens, bindings: Vec::new(), steps: 0, depth: 0 };
        let end = run.from(&Frame { items: &self.items, limit: tokens.len(), outer: None }, 0, at)?;
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
    let mut tokens: Vec<Token> = Vec::new();
    // Indentations of the blocks around, with the token each begins at.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let narrow = |offset: usize| window.start + u32::try_from(offset).unwrap_or(u32::MAX - window.start);
    let mut offset = 0;
    for (line, whole) in (0_u32..).zip(window.of(text).split_inclusive('\n')) {
        let body = whole.trim_start();
        let indent = whole.len() - body.len();
        if !body.is_empty() {
            let first = tokens.len();
            while open.last().is_some_and(|(own, _)| *own > indent) {
                close(&mut tokens, &mut open);
            }
            if open.last().is_none_or(|(own, _)| *own < indent) {
                open.push((indent, first));
            }
        }
        let mut chars = whole.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
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
            let span = Span { start: narrow(offset + at), end: narrow(offset + end) };
            tokens.push(Token { kind, span, line, block: None });
        }
        offset += whole.len();
    }
    while !open.is_empty() {
        close(&mut tokens, &mut open);
    }
    tokens
}

/// Ends the innermost block; the outermost lines are none.
fn close(tokens: &mut [Token], open: &mut Vec<(usize, usize)>) {
    let end = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
    if let Some((_, first)) = open.pop()
        && !open.is_empty()
        && let Some(token) = tokens.get_mut(first)
    {
        token.block = Some(end);
    }
}

/// Builds the items of a pattern line by line.
#[derive(Default)]
struct Reader {
    /// Indentations with the items read at them, outermost first.
    open: Vec<(usize, Vec<Item>)>,
    count: usize,
}

impl Reader {
    fn line(&mut self, indent: usize, body: &str) -> Result<(), String> {
        while self.open.len() > 1 && self.open.last().is_some_and(|(own, _)| *own > indent) {
            self.close();
        }
        let depth = self.open.len();
        match self.open.last_mut() {
            // A first line that stands deeper than the next ones says nothing.
            Some((own, _)) if *own > indent => *own = indent,
            Some((own, _)) if *own == indent => {}
            _ if depth > MAX_BLOCKS => return Err("the pattern nests too deeply".to_owned()),
            _ => self.open.push((indent, Vec::new())),
        }
        let mut rest = body;
        while let Some(c) = rest.chars().next() {
            self.count += 1;
            if self.count > MAX_PATTERN_TOKENS {
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
            if let (Some(item), Some((_, items))) = (item, self.open.last_mut()) {
                match (item, items.last_mut()) {
                    (Item::Dots(None, _), Some(Item::Dots(None, count))) => *count += 1,
                    (item, _) => items.push(item),
                }
            }
            rest = &rest[length..];
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some((_, block)) = self.open.pop()
            && let Some((_, outer)) = self.open.last_mut()
        {
            outer.push(Item::Block(block));
        }
    }

    fn finish(mut self) -> Vec<Item> {
        while self.open.len() > 1 {
            self.close();
        }
        self.open.pop().map(|(_, items)| items).unwrap_or_default()
    }
}

fn has_dots(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Dots(..) => true,
        Item::Block(inner) => has_dots(inner),
        _ => false,
    })
}

/// Items still to be matched, and what comes after the block they are in.
struct Frame<'f> {
    items: &'f [Item],
    /// One past the last token they may match.
    limit: usize,
    outer: Option<(&'f Self, usize)>,
}

struct Run<'r> {
    pattern: &'r TokenPattern,
    text: &'r str,
    tokens: &'r [Token],
    bindings: Vec<(Metavar, Span)>,
    steps: u32,
    depth: u32,
}

impl Run<'_> {
    /// Where the match of the items from `item` ends when it begins at token `at`.
    fn from(&mut self, frame: &Frame<'_>, mut item: usize, mut at: usize) -> Option<usize> {
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            let Some(wanted) = frame.items.get(item) else {
                let Some((outer, next)) = frame.outer else { return Some(at) };
                // A block is matched to its end.
                return if at == frame.limit { self.from(outer, next, at) } else { None };
            };
            let token = self.tokens.get(at).filter(|_| at < frame.limit);
            match wanted {
                Item::Dots(name, count) => return self.deeper(|run| run.dots(name, *count, frame, item, at)),
                Item::Block(inner) => {
                    let limit = token?.block? as usize;
                    let block = Frame { items: inner, limit, outer: Some((frame, item + 1)) };
                    return self.deeper(|run| run.from(&block, 0, at));
                }
                Item::Word(word) => {
                    let token = token?;
                    let own = token.span.of(self.text);
                    let same =
                        if self.pattern.caseless { own.eq_ignore_ascii_case(word) } else { own == word };
                    if token.kind != Kind::Word || !same {
                        return None;
                    }
                }
                Item::Sign(sign) => {
                    let token = token?;
                    if token.kind != Kind::Sign || !token.span.of(self.text).starts_with(*sign) {
                        return None;
                    }
                }
                Item::Metavariable(name) => {
                    let token = token?;
                    if token.kind != Kind::Word || !self.bind(name.clone(), token.span) {
                        return None;
                    }
                }
            }
            item += 1;
            at += 1;
        }
    }

    fn deeper(&mut self, step: impl FnOnce(&mut Self) -> Option<usize>) -> Option<usize> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let end = step(self);
        self.depth -= 1;
        end
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

    /// Tries the rest of the pattern after ever more tokens.
    fn dots(
        &mut self,
        name: &Option<Metavar>,
        count: u32,
        frame: &Frame<'_>,
        item: usize,
        first: usize,
    ) -> Option<usize> {
        let last = item + 1 == frame.items.len();
        if last && frame.outer.is_some() {
            // At the end of a block it takes the whole rest of it.
            let span = self.stretch(first, frame.limit);
            let bound = name.as_ref().is_none_or(|name| self.bind(name.clone(), span));
            return if bound { self.from(frame, item + 1, frame.limit) } else { None };
        }
        let span_limit = self.pattern.max_span.saturating_mul(count);
        let first_line = match first.checked_sub(1) {
            Some(before) => self.tokens[before].line,
            None => self.tokens.get(first).map_or(0, |token| token.line),
        };
        let mut at = first;
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            let token = self.tokens.get(at).filter(|_| at < frame.limit);
            let beyond = token.is_none_or(|token| token.line.saturating_sub(first_line) > span_limit);
            if last {
                // At the end of a pattern it takes what is left of its lines.
                if !beyond {
                    at += 1;
                    continue;
                }
                if let Some(name) = name.as_ref().filter(|_| at > first) {
                    let span = self.stretch(first, at);
                    if !self.bind(name.clone(), span) {
                        return None;
                    }
                }
                return Some(at);
            }
            let within = token.is_some() && !beyond || at == frame.limit;
            if !within {
                return None;
            }
            let kept = self.bindings.len();
            let span = self.stretch(first, at);
            if name.as_ref().is_none_or(|name| self.bind(name.clone(), span))
                && let Some(end) = self.from(frame, item + 1, at)
            {
                return Some(end);
            }
            self.bindings.truncate(kept);
            token?;
            at = if self.pattern.flat { self.past(at)? } else { at + 1 };
        }
    }

    /// The token after this one, or after the bracket that closes it; none after one that only closes.
    fn past(&mut self, first: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for (at, token) in self.tokens.iter().enumerate().skip(first) {
            self.steps += 1;
            match token.span.of(self.text) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(at + 1);
            }
            if self.steps > MAX_STEPS {
                break;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: &[&str]) {
        let options = TokenOptions { max_span: 10, caseless: false, flat: false, comments: None };
        let compiled = TokenPattern::new(pattern, &options).unwrap();
        let window = Span { start: 0, end: u32::try_from(text.len()).unwrap() };
        let found = compiled.find(text, window, &TokenCache::default(), &Cancel::new());
        let texts: Vec<&str> = found.iter().map(|hit| hit.span.of(text)).collect();
        assert_eq!(texts, expected, "{pattern} on {text}");
    }

    #[test]
    fn the_flat_engine_balances_brackets() {
        let options = TokenOptions { max_span: u32::MAX, caseless: false, flat: true, comments: None };
        let pattern = TokenPattern::new("call(...)\n  tail", &options).unwrap();
        let text = "call(a, (b),\n c) tail call(a";
        let window = Span { start: 0, end: u32::try_from(text.len()).unwrap() };
        let found = pattern.find(text, window, &TokenCache::default(), &Cancel::new());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span.of(text), "call(a, (b),\n c) tail");
    }

    #[test]
    fn matches_token_sequences() {
        check("key = ... end", "key = a b end x", &["key = a b end"]);
        check("a ... z", "a\nb\nz", &["a\nb\nz"]);
        check("a ... z", &format!("a{}z", "\n".repeat(12)), &[]);
        check("f(...)", "f(a, (b), c)", &["f(a, (b)"]);
        check("p ... q", "p ( r ( q ) )", &["p ( r ( q"]);
        let long = format!("k {{{}\n}}", "\n  v".repeat(20));
        check("k {\n  ...\n}", &long, &[&long]);
        check("k { ... }", &long, &[]);
        check("k {\n  ...\n  w\n}", "k {\n  v\n  w\n}\nk {\n  w\n  v\n}", &["k {\n  v\n  w\n}"]);
        check("a ... b ... c", "a {\n  b\n}\nc", &["a {\n  b\n}\nc"]);
        check("$X = $X", "a = b c = c", &["c = c"]);
        check("x-y", "x - y", &["x - y"]);
        check("foo", "foobar foo", &["foo"]);
        check("( ... z )", "( a ) z )", &["( a ) z )"]);
    }
}
