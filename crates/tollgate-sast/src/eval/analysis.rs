//! `metavariable-analysis`: does a text look like a secret, can a regular expression blow up.

/// Whether the text has as much randomness as a key, by how surprising its pairs of letters are.
pub(crate) fn is_random(text: &str) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    if length < 8 || text.contains(' ') {
        return false;
    }
    let entropy = shannon(text);
    let classes = [
        text.chars().any(|c| c.is_ascii_lowercase()),
        text.chars().any(|c| c.is_ascii_uppercase()),
        text.chars().any(|c| c.is_ascii_digit()),
        text.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    let mixed = classes.iter().filter(|class| **class).count();
    // Words of a language alternate vowels and consonants; keys do not.
    let surprise = surprising_pairs(text);
    let needed = match length {
        0..=11 => 2.5,
        12..=19 => 2.6,
        _ => 3.0,
    };
    entropy >= needed && (mixed >= 2 || surprise > 0.45) && (surprise > 0.22 || classes[2])
}

/// Bits per character.
fn shannon(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    let mut total = 0_u32;
    for c in text.chars() {
        *counts.entry(c).or_insert(0_u32) += 1;
        total += 1;
    }
    counts.values().map(|count| f64::from(*count) / f64::from(total)).map(|share| -share * share.log2()).sum()
}

/// The share of neighbouring characters that words of a language rarely have side by side.
fn surprising_pairs(text: &str) -> f64 {
    let lower: Vec<char> = text.chars().map(|c| c.to_ascii_lowercase()).collect();
    let pairs = lower.windows(2).count();
    if pairs == 0 {
        return 0.0;
    }
    let odd = lower.windows(2).filter(|pair| is_surprising(pair[0], pair[1])).count();
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more precision")]
    let share = odd as f64 / pairs as f64;
    share
}

fn is_surprising(a: char, b: char) -> bool {
    let vowel = |c: char| "aeiouy".contains(c);
    match (a.is_ascii_alphabetic(), b.is_ascii_alphabetic()) {
        (true, true) => {
            const COMMON: &[&str] = &[
                "th", "nd", "st", "nt", "ng", "ll", "ss", "ck", "ch", "sh", "rs", "rt", "ld", "ns", "ct",
                "pr", "tr", "pl", "br", "cr", "gr", "fr", "dr", "bl", "cl", "fl", "gl", "sl", "sp", "sc",
                "sk", "sw", "tt", "ff", "pp", "rd", "rn", "rm", "rk", "mp", "ft", "pt", "wh", "ph", "gh",
                "ts", "ds", "ls", "lt", "ms", "rv", "rc", "rg", "nc", "ks", "ws", "xp", "xt", "dm", "sw",
                "rl", "nn", "mm", "rr", "cc", "dd", "gg", "bb",
            ];
            if vowel(a) || vowel(b) {
                return matches!((a, b), ('q', _) | (_, 'q')) && !(a == 'q' && b == 'u');
            }
            let pair: String = [a, b].iter().collect();
            !COMMON.contains(&&*pair)
        }
        (false, false) => a.is_ascii_digit() && b.is_ascii_digit() && a != b,
        _ => a.is_ascii_digit() || b.is_ascii_digit(),
    }
}

/// Whether a regular expression has a repetition inside a repetition over the same characters.
pub(crate) fn can_blow_up(source: &str) -> bool {
    let source = source.trim_matches('/');
    let mut parser = regex_syntax::ast::parse::ParserBuilder::new().nest_limit(100).build();
    match parser.parse(source) {
        Ok(ast) => nested_repetition(&ast, false),
        // What this parser refuses (look-around, back-references) is read by its signs.
        Err(_) => repeated_group_by_signs(source),
    }
}

fn nested_repetition(ast: &regex_syntax::ast::Ast, inside: bool) -> bool {
    use regex_syntax::ast::{Ast, RepetitionKind, RepetitionRange};
    match ast {
        Ast::Repetition(repetition) => {
            let unbounded = match &repetition.op.kind {
                RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore => true,
                RepetitionKind::Range(RepetitionRange::AtLeast(_)) => true,
                RepetitionKind::ZeroOrOne | RepetitionKind::Range(_) => false,
            };
            if unbounded && inside {
                return true;
            }
            if unbounded && alternatives_overlap(&repetition.ast) {
                return true;
            }
            let group = matches!(&*repetition.ast, Ast::Group(_));
            nested_repetition(&repetition.ast, inside || (unbounded && group))
        }
        Ast::Group(group) => nested_repetition(&group.ast, inside),
        Ast::Alternation(alternation) => alternation.asts.iter().any(|part| nested_repetition(part, inside)),
        Ast::Concat(concat) => {
            // A fixed sign between two rounds keeps them apart: `(a+,)*` is harmless.
            let fixed = concat.asts.iter().any(|part| matches!(part, Ast::Literal(_)));
            concat.asts.iter().any(|part| nested_repetition(part, inside && !fixed))
        }
        _ => false,
    }
}

fn alternatives_overlap(ast: &regex_syntax::ast::Ast) -> bool {
    use regex_syntax::ast::Ast;
    let Ast::Group(group) = ast else { return false };
    let Ast::Alternation(alternation) = &*group.ast else { return false };
    let texts: Vec<String> = alternation.asts.iter().map(ToString::to_string).collect();
    texts
        .iter()
        .enumerate()
        .any(|(at, a)| texts[at + 1..].iter().any(|b| a == b || a.starts_with(&**b) || b.starts_with(&**a)))
}

fn repeated_group_by_signs(source: &str) -> bool {
    let bytes = source.as_bytes();
    let mut open: Vec<usize> = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && bytes[at - 1] == b'\\' {
            continue;
        }
        match byte {
            b'(' => open.push(at),
            b')' => {
                let Some(start) = open.pop() else { continue };
                let repeated = matches!(bytes.get(at + 1), Some(b'*' | b'+'));
                let inner = &source[start + 1..at];
                if repeated && (inner.ends_with('*') || inner.ends_with('+')) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_keys_from_words() {
        for text in ["AKIA3XJ7Q9ZT5PLM8RWC", "9f86d081884c7d659a2feaa0c55ad015", "xoxb-4k2Lm9Qz7TtR1s8vWp"] {
            assert!(is_random(text), "{text}");
        }
        for text in ["password", "changeme", "hello world again", "configuration_value", "aaaaaaaaaaaaaaaa"] {
            assert!(!is_random(text), "{text}");
        }
    }

    #[test]
    fn tells_nested_repetition() {
        for text in ["(a+)+$", "^(([a-z])+.)+", "(a|a)*", "(.*)*"] {
            assert!(can_blow_up(text), "{text}");
        }
        for text in ["^a+$", "(ab)*", "(a+,)*", "[a-z]{1,3}"] {
            assert!(!can_blow_up(text), "{text}");
        }
    }
}
