//! Regular expressions of rules: linear time where the expression allows it, a budget where look-around
//! or back-references force backtracking.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use regex_syntax::hir::{Hir, HirKind};

use super::loose::loosened;
use crate::matching::{Binding, Bindings, Match, Span};

const SIZE_LIMIT: usize = 32 << 20;
/// Every place of a text where a match fails counts, so that this also bounds the text searched at once.
const BACKTRACK_LIMIT: usize = 8_000_000;
/// How long an expression that backtracks may take on one text.
const PATIENCE: Duration = Duration::from_secs(5);
/// More matches than this in one text are noise, and collecting them costs memory.
const MAX_MATCHES: usize = 50_000;
/// More words than this to choose from tell little.
const MAX_ALTERNATIVES: usize = 40;

/// A compiled regular expression; clones are cheap.
#[derive(Debug, Clone)]
pub(crate) struct Regex {
    engine: Arc<Engine>,
    words: Arc<[String]>,
    alternatives: Arc<[String]>,
    source: Arc<str>,
}

#[derive(Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<Backtracking>),
}

#[derive(Debug)]
struct Backtracking {
    regex: fancy_regex::Regex,
    text: String,
    loose: OnceLock<Option<regex::Regex>>,
}

impl Backtracking {
    /// Where the next match can begin at the earliest.
    fn earliest(&self, text: &str, from: usize) -> Option<usize> {
        match self.loose.get_or_init(|| loosened(&self.text, SIZE_LIMIT)) {
            Some(loose) => loose.find_at(text, from).map(|hit| hit.start()),
            None => Some(from),
        }
    }

    /// Every match, found by the slow engine from where the fast one sees a chance.
    fn each<'t>(
        &self,
        text: &'t str,
        mut take: impl FnMut(&fancy_regex::Captures<'t, str>),
    ) -> Result<(), OutOfBudget> {
        let started = Instant::now();
        let (mut from, mut last) = (0, None);
        for _ in 0..MAX_MATCHES {
            let Some(earliest) = self.earliest(text, from) else { break };
            let captures = self.regex.captures_from_pos(text, earliest).map_err(|_| OutOfBudget)?;
            if started.elapsed() > PATIENCE {
                return Err(OutOfBudget);
            }
            let Some(whole) = captures.as_ref().and_then(|captures| captures.get(0)) else { break };
            let next = |at: usize| at + text[at..].chars().next().map_or(1, char::len_utf8);
            // An empty match right behind another one is none.
            let doubled = whole.start() == whole.end() && last == Some(whole.end());
            from = if whole.start() == whole.end() { next(whole.end()) } else { whole.end() };
            last = Some(whole.end());
            if let Some(captures) = captures.as_ref().filter(|_| !doubled) {
                take(captures);
            }
            if from > text.len() {
                break;
            }
        }
        Ok(())
    }
}

/// Backtracking went on for too long.
struct OutOfBudget;

/// How an expression is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchoring {
    /// Anywhere; `^` and `$` match at lines.
    Search,
    /// From the start of the text only.
    Start,
}

/// Matching gave up: the expression backtracks too much on this text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the regular expression `{0}` backtracks too much")]
pub(crate) struct Exhausted(pub(crate) Arc<str>);

/// Byte ranges of a match's groups, the whole match first.
type Groups = Vec<Option<(usize, usize)>>;

impl Regex {
    /// Compiles an expression in the PCRE dialect rules are written in.
    ///
    /// # Errors
    /// With the reason, when it is no regular expression.
    pub(crate) fn new(source: &str, anchoring: Anchoring) -> Result<Self, String> {
        let source = source.strip_suffix('\n').unwrap_or(source);
        let body = translate(source);
        // In verbose mode a trailing comment would swallow the closing parenthesis.
        let close = if is_verbose(&body) { "\n)" } else { ")" };
        let text = match anchoring {
            Anchoring::Search => format!("(?m:{body}{close}"),
            Anchoring::Start => format!("\\A(?:{body}{close}"),
        };
        let linear = regex::RegexBuilder::new(&text).size_limit(SIZE_LIMIT).nest_limit(200).build();
        let engine = match linear {
            Ok(regex) => Engine::Linear(regex),
            Err(regex::Error::CompiledTooBig(_)) => return Err("it is too large when compiled".to_owned()),
            Err(_) => {
                let built = fancy_regex::RegexBuilder::new(&text)
                    .backtrack_limit(BACKTRACK_LIMIT)
                    .delegate_size_limit(SIZE_LIMIT)
                    .build();
                let regex = built.map_err(|error| explain(source, &error))?;
                let text = text.clone();
                Engine::Backtracking(Box::new(Backtracking { regex, text, loose: OnceLock::new() }))
            }
        };
        let (words, alternatives) = telling_words(&text);
        Ok(Self {
            engine: Arc::new(engine),
            words: words.into(),
            alternatives: alternatives.into(),
            source: source.into(),
        })
    }

    /// Words every text with a match contains.
    pub(crate) fn required_words(&self) -> &[String] {
        &self.words
    }

    /// Words of which every text with a match contains one; none when nothing is known.
    pub(crate) fn alternative_words(&self) -> &[String] {
        &self.alternatives
    }

    pub(crate) fn is_match(&self, text: &str) -> Result<bool, Exhausted> {
        match &*self.engine {
            Engine::Linear(regex) => Ok(regex.is_match(text)),
            Engine::Backtracking(own) => match own.earliest(text, 0) {
                Some(_) => own.regex.is_match(text).map_err(|_| self.exhausted()),
                None => Ok(false),
            },
        }
    }

    /// Names of the groups as metavariables: `$NAME` and `$1`.
    pub(crate) fn metavariables(&self) -> Vec<String> {
        let names: Vec<Option<&str>> = match &*self.engine {
            Engine::Linear(regex) => regex.capture_names().collect(),
            Engine::Backtracking(own) => own.regex.capture_names().collect(),
        };
        let mut found = Vec::new();
        for (number, name) in names.iter().enumerate().skip(1) {
            found.push(format!("${number}"));
            found.extend(name.map(|name| format!("${name}")));
        }
        found
    }

    /// Every match in `text`, which stands `offset` bytes into the file.
    pub(crate) fn find(&self, text: &str, offset: u32) -> Result<Vec<Match>, Exhausted> {
        let mut found = Vec::new();
        match &*self.engine {
            Engine::Linear(regex) => {
                let names: Vec<Option<&str>> = regex.capture_names().collect();
                if names.len() == 1 {
                    for hit in regex.find_iter(text).take(MAX_MATCHES) {
                        push(&mut found, offset, hit.start(), hit.end(), Bindings::default());
                    }
                    return Ok(found);
                }
                for captures in regex.captures_iter(text).take(MAX_MATCHES) {
                    let groups = (1..captures.len())
                        .map(|group| captures.get(group).map(|hit| (hit.start(), hit.end(), hit.as_str())));
                    let bindings = bind(&names, groups, offset);
                    if let Some(whole) = captures.get(0) {
                        push(&mut found, offset, whole.start(), whole.end(), bindings);
                    }
                }
            }
            Engine::Backtracking(own) => {
                let names: Vec<Option<&str>> = own.regex.capture_names().collect();
                let take = |captures: &fancy_regex::Captures<'_, str>| {
                    let groups = (1..captures.len())
                        .map(|group| captures.get(group).map(|hit| (hit.start(), hit.end(), hit.as_str())));
                    let bindings = bind(&names, groups, offset);
                    if let Some(whole) = captures.get(0) {
                        push(&mut found, offset, whole.start(), whole.end(), bindings);
                    }
                };
                own.each(text, take).map_err(|OutOfBudget| self.exhausted())?;
            }
        }
        Ok(found)
    }

    /// `text` with up to `count` matches replaced; `\1` and `\g<name>` in the replacement are groups.
    pub(crate) fn replace(
        &self,
        text: &str,
        replacement: &str,
        count: Option<usize>,
    ) -> Result<String, Exhausted> {
        let mut out = String::with_capacity(text.len());
        let mut last = 0;
        let found = self.captures(text)?;
        for groups in found.into_iter().take(count.unwrap_or(usize::MAX)) {
            let Some(Some((start, end))) = groups.first().copied() else { continue };
            if start < last {
                continue;
            }
            out.push_str(&text[last..start]);
            expand(&mut out, replacement, |group| {
                groups.get(group).copied().flatten().map(|(start, end)| &text[start..end])
            });
            last = end;
        }
        out.push_str(&text[last..]);
        Ok(out)
    }

    fn captures(&self, text: &str) -> Result<Vec<Groups>, Exhausted> {
        let mut found = Vec::new();
        match &*self.engine {
            Engine::Linear(regex) => {
                for captures in regex.captures_iter(text).take(MAX_MATCHES) {
                    found.push(
                        (0..captures.len())
                            .map(|i| captures.get(i).map(|hit| (hit.start(), hit.end())))
                            .collect(),
                    );
                }
            }
            Engine::Backtracking(own) => {
                let take = |captures: &fancy_regex::Captures<'_, str>| {
                    let groups = (0..captures.len()).map(|group| captures.get(group));
                    found.push(groups.map(|hit| hit.map(|hit| (hit.start(), hit.end()))).collect());
                };
                own.each(text, take).map_err(|OutOfBudget| self.exhausted())?;
            }
        }
        Ok(found)
    }

    fn exhausted(&self) -> Exhausted {
        Exhausted(Arc::clone(&self.source))
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn push(found: &mut Vec<Match>, offset: u32, start: usize, end: usize, bindings: Bindings) {
    let span = Span { start: offset + narrow(start), end: offset + narrow(end) };
    found.push(Match::plain(span, bindings, None));
}

fn bind<'t>(
    names: &[Option<&str>],
    groups: impl Iterator<Item = Option<(usize, usize, &'t str)>>,
    offset: u32,
) -> Bindings {
    let mut bindings = Bindings::default();
    for (number, group) in groups.enumerate() {
        let Some((start, end, text)) = group else { continue };
        let span = Span { start: offset + narrow(start), end: offset + narrow(end) };
        bindings.insert(format!("${}", number + 1).into(), Binding::text_at(span, text));
        if let Some(Some(name)) = names.get(number + 1) {
            bindings.insert(format!("${name}").into(), Binding::text_at(span, text));
        }
    }
    bindings
}

fn expand<'t>(out: &mut String, replacement: &str, group: impl Fn(usize) -> Option<&'t str>) {
    let mut rest = replacement;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.bytes().take_while(u8::is_ascii_digit).take(2).count();
        if digits > 0 {
            out.push_str(after[..digits].parse().ok().and_then(&group).unwrap_or_default());
            rest = &after[digits..];
            continue;
        }
        if let Some(tail) = after.strip_prefix("g<")
            && let Some((number, tail)) = tail.split_once('>')
        {
            out.push_str(number.parse().ok().and_then(&group).unwrap_or_default());
            rest = tail;
            continue;
        }
        let mut chars = after.chars();
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\\') => out.push('\\'),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

fn explain(source: &str, error: &fancy_regex::Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    if source.len() > 80 { first.to_owned() } else { format!("{first} in `{source}`") }
}

fn is_verbose(source: &str) -> bool {
    source.match_indices("(?").any(|(at, _)| {
        source[at + 2..].bytes().take_while(|byte| byte.is_ascii_alphabetic()).any(|byte| byte == b'x')
    })
}

/// Spellings of PCRE that the engines here do not know, written in ways they do.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut chars = source.char_indices().peekable();
    let mut in_class = false;
    let mut groups: Vec<bool> = Vec::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, 'Z')) => out.push_str(r"(?:\n?\z)"),
                Some((_, 'h')) if in_class => out.push_str(r"\t "),
                Some((_, 'h')) => out.push_str(r"[\t ]"),
                Some((_, 'R')) if !in_class => out.push_str(r"(?:\r\n|\n|\r)"),
                Some((_, 'e')) => out.push_str(r"\x1B"),
                // `\g{1}` is `\1`.
                Some((_, 'g')) if !in_class && chars.peek().is_some_and(|(_, next)| *next == '{') => {
                    let number: String = source[at + 3..].chars().take_while(char::is_ascii_digit).collect();
                    let end = at + 3 + number.len();
                    if number.is_empty() || !source[end..].starts_with('}') {
                        out.push_str("\\g");
                    } else {
                        out.push_str(&format!("(?:\\{number})"));
                        while chars.peek().is_some_and(|(next, _)| *next <= end) {
                            chars.next();
                        }
                    }
                }
                // An escaped letter or sign without a meaning of its own stands for itself.
                Some((_, ' ')) => out.push_str(r"\x20"),
                Some((_, escaped)) if "'\"`/@%:;,=!_<>".contains(escaped) => out.push(escaped),
                Some((_, escaped)) => {
                    out.push('\\');
                    out.push(escaped);
                }
                None => out.push_str("\\\\"),
            },
            '[' if in_class => {
                // `[[:alpha:]]` stays, a bare `[` inside a class is a plain character.
                if source[at..].starts_with("[:") && source[at..].contains(":]") {
                    let end = source[at..].find(":]").map_or(at, |end| at + end + 2);
                    out.push_str(&source[at..end]);
                    while chars.peek().is_some_and(|(next, _)| *next < end) {
                        chars.next();
                    }
                } else {
                    out.push_str("\\[");
                }
            }
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek().is_some_and(|(_, next)| *next == '^') {
                    chars.next();
                    out.push('^');
                }
                if chars.peek().is_some_and(|(_, next)| *next == ']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            // Set operations of the engine here, plain characters there.
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if in_class && chars.peek().is_some_and(|(_, next)| *next == '-') => out.push_str("\\-"),
            '(' if !in_class => {
                let tail = &source[at..];
                groups.push(["(?=", "(?!", "(?<=", "(?<!"].iter().any(|opening| tail.starts_with(opening)));
                out.push('(');
            }
            ')' if !in_class => {
                out.push(')');
                // A repeated look-around says no more than a single one.
                if groups.pop() == Some(true) {
                    let rest = &source[at + 1..];
                    let length = match rest.chars().next() {
                        Some('+' | '*' | '?') => 1,
                        Some('{') if is_repetition(rest) => rest.find('}').map_or(0, |end| end + 1),
                        _ => 0,
                    };
                    while chars.peek().is_some_and(|(next, _)| *next < at + 1 + length) {
                        chars.next();
                    }
                }
            }
            // `{` that begins no repetition is a plain character.
            '{' if !in_class => {
                if is_repetition(&source[at..]) {
                    out.push('{')
                } else {
                    out.push_str("\\{")
                }
            }
            '}' if !in_class => {
                let opened = source[..at].rfind('{').is_some_and(|open| is_repetition(&source[open..=at]));
                if opened { out.push('}') } else { out.push_str("\\}") }
            }
            // `(?<name>` is fine; `(?i)` too. `(?s)` and others pass.
            _ => out.push(c),
        }
        // `\p{L}` and `\x{41}` keep their braces.
        if matches!(c, '\\')
            && (out.ends_with("\\p") || out.ends_with("\\P") || out.ends_with("\\x"))
            && chars.peek().is_some_and(|(_, next)| *next == '{')
        {
            for (_, inner) in chars.by_ref() {
                out.push(inner);
                if inner == '}' {
                    break;
                }
            }
        }
    }
    out
}

fn is_repetition(text: &str) -> bool {
    let Some((inner, _)) = text[1..].split_once('}') else { return false };
    let (low, high) = inner.split_once(',').unwrap_or((inner, "0"));
    !low.is_empty()
        && low.bytes().all(|byte| byte.is_ascii_digit())
        && high.bytes().all(|byte| byte.is_ascii_digit())
}

/// The longest literals every match contains; empty where none is certain.
/// Words that every text with a match contains, and words of which it contains one.
fn telling_words(text: &str) -> (Vec<String>, Vec<String>) {
    let Ok(hir) = regex_syntax::ParserBuilder::new().nest_limit(200).build().parse(text) else {
        return (Vec::new(), Vec::new());
    };
    let mut words = Vec::new();
    collect_words(&hir, &mut words);
    words.retain(|word| word.len() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(3);
    (words, alternatives(&hir).unwrap_or_default())
}

/// Words of at least three letters, one of which is in every match.
fn alternatives(hir: &Hir) -> Option<Vec<String>> {
    let all = match hir.kind() {
        HirKind::Literal(literal) => vec![std::str::from_utf8(&literal.0).ok()?.to_owned()],
        HirKind::Capture(capture) => alternatives(&capture.sub)?,
        HirKind::Repetition(repetition) if repetition.min > 0 => alternatives(&repetition.sub)?,
        HirKind::Concat(parts) => {
            let of_parts = parts.iter().filter_map(alternatives);
            of_parts.max_by_key(|words| words.iter().map(String::len).min())?
        }
        HirKind::Alternation(branches) => {
            branches.iter().map(alternatives).collect::<Option<Vec<_>>>()?.concat()
        }
        _ => return None,
    };
    (all.len() <= MAX_ALTERNATIVES && all.iter().all(|word| word.len() >= 3)).then_some(all)
}

fn collect_words(hir: &Hir, words: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Literal(literal) => words.extend(std::str::from_utf8(&literal.0).map(str::to_owned)),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect_words(part, words)),
        HirKind::Capture(capture) => collect_words(&capture.sub, words),
        HirKind::Repetition(repetition) if repetition.min > 0 => collect_words(&repetition.sub, words),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_words_of_which_one_is_there() {
        let words = |source: &str| Regex::new(source, Anchoring::Start).unwrap().alternative_words().to_vec();
        assert_eq!(words("^(send|sendFile)$"), ["send", "sendFile"]);
        assert_eq!(words("(html|append)(To)?"), ["html", "append"]);
        assert_eq!(words("^(get|is)$"), [""; 0]);
        assert_eq!(words("(?i)token"), [""; 0]);
        assert_eq!(words(".*(exec|spawn).*Sync"), ["Sync"]);
        assert_eq!(words("(exec|)"), [""; 0]);
    }

    #[test]
    fn reads_the_pcre_dialect() {
        let hits = |source: &str, text: &str| {
            Regex::new(source, Anchoring::Search).unwrap().find(text, 0).unwrap().len()
        };
        assert_eq!(hits("^x$", "x\ny\nx"), 2);
        assert_eq!(hits(r"a(?!b)", "ab ac"), 1);
        assert_eq!(hits(r"\{\{ *x *}}", "{{ x }}"), 1);
        assert_eq!(hits(r"[[]a", "[a"), 1);
        assert_eq!(hits(r"a{2}{", "aa{"), 1);
        assert_eq!(hits(r"\/x\'", "/x'"), 1);
        assert_eq!(hits(r"\<\%x", "<%x"), 1);
        assert_eq!(hits(r"\p{Lu}{2}", "ABc"), 1);
        assert_eq!(hits(r"(a)\1", "aab"), 1);
        assert_eq!(hits("(?x) a # note", "ba"), 1);
        assert_eq!(hits("(?=a){2,3}a", "ba"), 1);
    }

    #[test]
    fn words_are_mandatory() {
        let words = |source: &str| Regex::new(source, Anchoring::Search).unwrap().required_words().to_vec();
        assert_eq!(words("secret_[a-z]+_key"), ["secret_", "_key"]);
        assert!(words("(?i)secret").is_empty());
        assert!(words("a|b").is_empty());
    }

    #[test]
    fn gives_up_instead_of_hanging() {
        let regex = Regex::new(r"(a|b|ab)*(?=c)d", Anchoring::Search).unwrap();
        let text = "ab".repeat(60);
        assert!(regex.find(&text, 0).unwrap().is_empty());
        assert!(regex.find(&format!("{text}d"), 0).is_err());
    }

    #[test]
    fn replaces_with_groups() {
        let regex = Regex::new(r"(\w+)-(\w+)", Anchoring::Search).unwrap();
        assert_eq!(regex.replace("a-b c-d", r"\2-\1", Some(1)).unwrap(), "b-a c-d");
    }
}
