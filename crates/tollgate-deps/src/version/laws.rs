//! Laws: the bytes of the keys order versions as an independent comparison does.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{compare, version_key};
use crate::graph::Ecosystem;

/// Versions made of the pieces real ones are made of, so that near misses are common.
fn version() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,2}",
        2 => Just("0".to_owned()),
        1 => Just("18446744073709551617".to_owned()),
        2 => prop::sample::select(vec![
            "alpha", "beta", "rc", "cr", "m", "a", "b", "final", "ga", "sp", "snapshot", "dev", "post", "pre", "x",
            "SNAPSHOT", "RELEASE", "foo", "pl",
        ])
        .prop_map(str::to_owned),
    ];
    let separator = prop::sample::select(vec![".", ".", ".", "-", "+", "", "_"]);
    prop::collection::vec((piece, separator), 1..6).prop_map(|parts| {
        let mut text: String = parts.iter().map(|(piece, separator)| format!("{piece}{separator}")).collect();
        while text.ends_with(['.', '-', '+', '_']) {
            text.pop();
        }
        text
    })
}

fn ecosystem() -> impl Strategy<Value = Ecosystem> {
    prop::sample::select(Ecosystem::ALL.to_vec())
}

proptest! {
    #[test]
    fn any_text_has_a_key(ecosystem in ecosystem(), text in any::<String>()) {
        let key = version_key(ecosystem, &text);
        prop_assert_eq!(&key, &version_key(ecosystem, &text));
    }

    #[test]
    fn order_is_total(ecosystem in ecosystem(), a in version(), b in version(), c in version()) {
        prop_assert_eq!(compare(ecosystem, &a, &b), compare(ecosystem, &b, &a).reverse());
        let mut sorted = [a, b, c];
        sorted.sort_by(|left, right| compare(ecosystem, left, right));
        prop_assert_ne!(compare(ecosystem, &sorted[0], &sorted[2]), Ordering::Greater);
    }

    #[test]
    fn python_agrees_with_pep440(
        epoch in prop::option::of(0_u64..2), release in prop::collection::vec(0_u64..3, 1..4),
        pre in prop::option::of(("a|b|rc", 0_u64..3)), post in prop::option::of(0_u64..3),
        dev in prop::option::of(0_u64..3), local in prop::option::of("[a-b0-1]{1,2}(\\.[a-b0-1]{1,2})?"),
        other in version(),
    ) {
        let mut text = epoch.map_or_else(String::new, |epoch| format!("{epoch}!"));
        text += &release.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        if let Some((kind, number)) = pre { text += &format!("{kind}{number}"); }
        if let Some(post) = post { text += &format!(".post{post}"); }
        if let Some(dev) = dev { text += &format!(".dev{dev}"); }
        if let Some(local) = local { text += &format!("+{local}"); }
        let parsed: pep440_rs::Version = text.parse().unwrap();
        for other in [other.as_str(), "1", "1.0.post1", "1.1rc1", "1.dev1", "0!1.1+a"] {
            if let Ok(theirs) = other.parse::<pep440_rs::Version>() {
                prop_assert_eq!(compare(Ecosystem::PyPi, &text, other), parsed.cmp(&theirs), "{} {}", text, other);
            }
        }
    }

    #[test]
    fn semantic_versions_agree_with_semver(
        a in "[0-2]\\.[0-2]\\.[0-2](-(0|1|10|a|b|a1|a-b)(\\.(0|2|10|a|b)){0,2})?(\\+[a-c]{1,2})?",
        b in "[0-2]\\.[0-2]\\.[0-2](-(0|1|10|a|b|a1|a-b)(\\.(0|2|10|a|b)){0,2})?(\\+[a-c]{1,2})?",
    ) {
        let parse = |text: &str| semver::Version::parse(text).unwrap();
        for ecosystem in [Ecosystem::Npm, Ecosystem::CratesIo, Ecosystem::Go, Ecosystem::Hex] {
            prop_assert_eq!(compare(ecosystem, &a, &b), parse(&a).cmp_precedence(&parse(&b)), "{} {}", a, b);
        }
    }

    #[test]
    fn ruby_agrees_with_pairwise_comparison(
        a in "[0-2](\\.([0-2]|a|b1|rc)){0,4}(-(a|1))?",
        b in "[0-2](\\.([0-2]|a|b1|rc)){0,4}(-(a|1))?",
    ) {
        prop_assert_eq!(compare(Ecosystem::RubyGems, &a, &b), ruby::compare(&a, &b), "{} {}", a, b);
    }

    #[test]
    fn maven_agrees_with_padded_comparison(
        a in "[0-2](\\.[0-2]){0,3}([.-](alpha|beta|rc|snapshot|sp|jre|final|foo))?([.-]?[0-2])?",
        b in "[0-2](\\.[0-2]){0,3}([.-](alpha|beta|rc|snapshot|sp|jre|final|foo))?([.-]?[0-2])?",
    ) {
        prop_assert_eq!(compare(Ecosystem::Maven, &a, &b), maven::compare(&a, &b), "{} {}", a, b);
    }
}

/// `Gem::Version#<=>` as its documentation tells it: segment by segment, a missing one is zero.
mod ruby {
    use std::cmp::Ordering;

    #[derive(Clone, PartialEq)]
    enum Segment {
        Word(String),
        Number(u64),
    }

    pub(super) fn compare(left: &str, right: &str) -> Ordering {
        let (left, right) = (canonical(left), canonical(right));
        for at in 0..left.len().max(right.len()) {
            let order = match (left.get(at), right.get(at)) {
                (Some(Segment::Number(a)), Some(Segment::Number(b))) => a.cmp(b),
                (Some(Segment::Word(a)), Some(Segment::Word(b))) => a.cmp(b),
                (Some(Segment::Word(_)), _) => Ordering::Less,
                (_, Some(Segment::Word(_))) => Ordering::Greater,
                (Some(Segment::Number(number)), None) => number.cmp(&0),
                (None, Some(Segment::Number(number))) => 0.cmp(number),
                (None, None) => Ordering::Equal,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    fn canonical(text: &str) -> Vec<Segment> {
        let text = text.replace('-', ".pre.");
        let mut segments = Vec::new();
        for part in text.split('.') {
            let cut = part.find(|c: char| c.is_ascii_digit()).filter(|&at| at > 0).unwrap_or(0);
            for piece in [&part[..cut], &part[cut..]] {
                match piece.parse() {
                    Ok(number) => segments.push(Segment::Number(number)),
                    Err(_) if piece.is_empty() => {}
                    Err(_) => segments.push(Segment::Word(piece.to_owned())),
                }
            }
        }
        let words = segments.iter().position(|s| matches!(s, Segment::Word(_))).unwrap_or(segments.len());
        let tail = segments.split_off(words);
        [segments, tail]
            .into_iter()
            .flat_map(|mut part| {
                while part.last() == Some(&Segment::Number(0)) {
                    part.pop();
                }
                part
            })
            .collect()
    }
}

/// The order of the specification by padding the shorter version, on well-formed versions.
mod maven {
    use std::cmp::Ordering;

    type Token = (char, String);

    pub(super) fn compare(left: &str, right: &str) -> Ordering {
        let (left, right) = (tokens(left), tokens(right));
        for at in 0..left.len().max(right.len()) {
            let (a, b) = match (left.get(at), right.get(at)) {
                (Some(a), Some(b)) => (a.clone(), b.clone()),
                (Some(a), None) => (a.clone(), padding(a)),
                (None, Some(b)) => (padding(b), b.clone()),
                (None, None) => break,
            };
            let order = rank(&a).cmp(&rank(&b));
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    fn is_number(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_digit())
    }

    fn padding(other: &Token) -> Token {
        (other.0, if is_number(&other.1) { "0".to_owned() } else { String::new() })
    }

    fn rank((separator, text): &Token) -> (u8, u64, String) {
        if is_number(text) {
            return (if *separator == '-' { 1 } else { 2 }, text.parse().unwrap(), String::new());
        }
        let known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
        match known.iter().position(|word| word == text) {
            Some(at) => (0, at as u64, String::new()),
            None => (0, 99, text.clone()),
        }
    }

    fn tokens(text: &str) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut separator = '.';
        let mut word = String::new();
        for c in text.chars().chain(['\0']) {
            let changes = word.chars().last().is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit());
            if matches!(c, '.' | '-' | '\0') || changes {
                let text = if word == "final" { String::new() } else { word.clone() };
                tokens.push((separator, text));
                word.clear();
                separator = if c == '.' { '.' } else { '-' };
            }
            if !matches!(c, '.' | '-') {
                word.push(c);
            }
        }
        let mut at = tokens.len();
        while at > 1 {
            at -= 1;
            let nothing = tokens[at].1.bytes().all(|byte| byte == b'0');
            let trims = tokens.get(at + 1).is_none_or(|next| next.0 == '-' || !is_number(&next.1));
            if nothing && trims {
                tokens.remove(at);
                at = tokens.len();
            }
        }
        tokens
    }
}
