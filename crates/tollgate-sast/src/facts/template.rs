//! Path templates of many frameworks in one spelling: `{name}` for a part, `{name*}` for all that follows.

/// The common spelling of a path, with a leading slash. An empty path stays empty.
pub(super) fn normalise(path: &str) -> String {
    let path = path.trim();
    if path.is_empty() {
        return String::new();
    }
    let mut out = String::with_capacity(path.len() + 8);
    if !path.starts_with('/') {
        out.push('/');
    }
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let at_part = out.ends_with('/');
        let tail = &rest[first.len_utf8()..];
        match first {
            '<' => {
                let (inner, after) = tail.split_once('>').unwrap_or((tail, ""));
                let (converter, name) = inner.rsplit_once(':').unwrap_or(("", inner));
                push_hole(&mut out, name, converter.starts_with("path"));
                rest = after;
            }
            '{' => {
                let (inner, after) = balanced(tail);
                if inner != "$" {
                    let name = inner.split([':', '=']).next().unwrap_or(inner);
                    let pattern = inner.split_once(':').map_or("", |(_, pattern)| pattern);
                    let all = name.starts_with('*') || name.ends_with("...") || name.ends_with('*');
                    let greedy = pattern == "path" || pattern.ends_with(".*") || pattern.ends_with(".+");
                    push_hole(&mut out, name, all || greedy);
                }
                rest = after;
            }
            ':' if tail.starts_with(is_word) => {
                let end = tail.find(|c| !is_word(c)).unwrap_or(tail.len());
                push_hole(&mut out, &tail[..end], false);
                rest = &tail[end..];
                if let Some(pattern) = rest.strip_prefix('(') {
                    rest = pattern.split_once(')').map_or("", |(_, after)| after);
                }
                rest = rest.strip_prefix(['?', '+']).unwrap_or(rest);
            }
            '*' if at_part => {
                let tail = tail.trim_start_matches('*');
                let end = tail.find(|c| !is_word(c)).unwrap_or(tail.len());
                push_hole(&mut out, if end == 0 { "rest" } else { &tail[..end] }, true);
                rest = &tail[end..];
            }
            '/' if at_part => rest = tail,
            _ => {
                out.push(first);
                rest = tail;
            }
        }
    }
    // Rails writes optional parts in brackets.
    if let Some(at) = out.find("(.") {
        out.truncate(at);
    }
    out
}

/// The common spelling of a regular expression as Django routes have it.
pub(super) fn of_regex(pattern: &str) -> String {
    let mut out = String::from("/");
    let mut rest = pattern.trim_start_matches(['^', '/']);
    let mut unnamed = 0;
    while let Some(first) = rest.chars().next() {
        let tail = &rest[first.len_utf8()..];
        rest = tail;
        match first {
            '(' => {
                let (inner, after) = group(tail);
                rest = after.trim_start_matches(['?', '+', '*']);
                if inner.starts_with("?:") {
                    continue;
                }
                let name = inner.strip_prefix("?P<").and_then(|inner| inner.split_once('>'));
                let (name, body) = name.map_or((None, inner), |(name, body)| (Some(name), body));
                unnamed += u32::from(name.is_none());
                let own = format!("arg{unnamed}");
                push_hole(&mut out, name.unwrap_or(&own), body == ".*" || body == ".+");
            }
            '$' | '\\' | '?' | '^' => {}
            _ => out.push(first),
        }
    }
    out
}

/// The path of a route below a prefix.
pub(super) fn below(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    match (prefix.is_empty(), path.is_empty()) {
        (true, true) => "/".to_owned(),
        (true, false) => path.to_owned(),
        (false, true) => prefix.to_owned(),
        (false, false) if path == "/" => prefix.to_owned(),
        (false, false) if path.starts_with('/') => format!("{prefix}{path}"),
        (false, false) => format!("{prefix}/{path}"),
    }
}

/// Names of the holes of a template.
pub(super) fn holes(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.trim_end_matches('*'))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn push_hole(out: &mut String, name: &str, all: bool) {
    let name: String = name.chars().filter(|c| is_word(*c)).collect();
    out.push('{');
    out.push_str(if name.is_empty() { "rest" } else { &name });
    out.push_str(if all { "*}" } else { "}" });
}

/// What stands before the brace that closes, and what follows it.
fn balanced(text: &str) -> (&str, &str) {
    enclosed(text, '{', '}')
}

fn group(text: &str) -> (&str, &str) {
    enclosed(text, '(', ')')
}

fn enclosed(text: &str, open: char, close: char) -> (&str, &str) {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return (&text[..at], &text[at + 1..]);
            }
            depth -= 1;
        }
    }
    (text, "")
}
