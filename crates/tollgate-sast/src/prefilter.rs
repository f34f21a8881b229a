//! Chooses the rules worth running on a file by words every match needs, in one pass over the bytes.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rustc_hash::FxHashMap;

use crate::rule::compile::{Check, CheckKind, Program, Query, QueryKind};

/// Automata of more bytes of words than this use less memory at the cost of speed.
const DENSE_LIMIT: usize = 60_000;

/// What a file must contain for a rule to have a chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Need {
    Always,
    Word(u32),
    All(Vec<Self>),
    Any(Vec<Self>),
    /// One of these words; most needs come down to such lists, and all are asked for every file.
    AnyWord(Box<[u32]>),
}

/// The words of many rules.
#[derive(Debug, Default)]
pub(crate) struct Words {
    numbers: FxHashMap<(String, Bounds), u32>,
    list: Vec<String>,
    bounds: Vec<Bounds>,
}

/// Where a word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bounds {
    /// Only by itself, as names do.
    Whole,
    /// Also inside of others.
    Anywhere,
}

impl Words {
    fn number(&mut self, word: &str, bounds: Bounds) -> u32 {
        let key = (word.to_owned(), bounds);
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.numbers.insert(key, number);
        self.list.push(word.to_owned());
        self.bounds.push(bounds);
        number
    }

    fn all_of(&mut self, words: &[String], bounds: Bounds) -> Need {
        let mut needs: Vec<Need> = words
            .iter()
            .filter(|word| word.len() > 1)
            .take(6)
            .map(|word| Need::Word(self.number(word, bounds)))
            .collect();
        match needs.len() {
            0 => Need::Always,
            1 => needs.swap_remove(0),
            _ => Need::All(needs),
        }
    }

    pub(crate) fn program(&mut self, program: &Program) -> Need {
        match program {
            Program::Search(query) => self.query(query),
            Program::Taint(taint) => {
                let sources = taint.sources.iter().map(|source| self.query(&source.query)).collect();
                let sinks = taint.sinks.iter().map(|sink| self.query(&sink.query)).collect();
                all(vec![any(sources), any(sinks)])
            }
        }
    }

    /// What a file needs to have a source, and what to have a sink.
    pub(crate) fn ends(&mut self, program: &Program) -> Option<(Need, Need)> {
        let Program::Taint(taint) = program else { return None };
        let sources = taint.sources.iter().map(|source| self.query(&source.query)).collect();
        let sinks = taint.sinks.iter().map(|sink| self.query(&sink.query)).collect();
        Some((any(sources), any(sinks)))
    }

    /// What a file needs to match a formula.
    pub(crate) fn query(&mut self, query: &Query) -> Need {
        let kind = match &query.kind {
            QueryKind::Pattern(pattern) => self.all_of(pattern.required_words(), Bounds::Whole),
            QueryKind::Regex(regex) => self.all_of(regex.0.required_words(), Bounds::Anywhere),
            QueryKind::Tokens(tokens) => self.all_of(tokens.0.required_words(), Bounds::Whole),
            QueryKind::Any(operands) => any(operands.iter().map(|operand| self.query(operand)).collect()),
            QueryKind::Inside(inner) | QueryKind::Anywhere(inner) => self.query(inner),
            QueryKind::All { positives, .. } => {
                all(positives.iter().map(|positive| self.query(positive)).collect())
            }
        };
        let mut needs = vec![kind];
        for check in query.checks.iter().filter(|check| check.on_name) {
            needs.push(self.check(check));
        }
        all(needs)
    }

    /// What a file needs for a name that a condition holds for.
    fn check(&mut self, check: &Check) -> Need {
        let CheckKind::Regex { regex, .. } = &check.kind else { return Need::Always };
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        let part = |word: &String| {
            let longest = word.split(|c| !is_part(c)).max_by_key(|part| part.len())?;
            (longest.len() >= 3).then(|| longest.to_owned())
        };
        let words: Option<Vec<String>> = regex.alternative_words().iter().map(part).collect();
        any(words
            .unwrap_or_default()
            .iter()
            .map(|word| Need::Word(self.number(word, Bounds::Anywhere)))
            .collect())
    }
}

fn all(needs: Vec<Need>) -> Need {
    let mut flat = Vec::new();
    for need in needs {
        match need {
            Need::Always => {}
            Need::All(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Need::Always,
        1 => flat.swap_remove(0),
        _ => Need::All(flat),
    }
}

fn any(needs: Vec<Need>) -> Need {
    if needs.is_empty() || needs.contains(&Need::Always) {
        return Need::Always;
    }
    let word = |need: &Need| match need {
        Need::Word(word) => Some(*word),
        _ => None,
    };
    let Some(mut words) = needs.iter().map(word).collect::<Option<Vec<u32>>>() else {
        return Need::Any(needs);
    };
    words.sort_unstable();
    words.dedup();
    Need::AnyWord(words.into())
}

/// Finds which words a text has.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: Option<AhoCorasick>,
    bounds: Vec<Bounds>,
}

/// The words one text has.
#[derive(Debug)]
pub(crate) struct Present(Vec<u64>);

impl Prefilter {
    pub(crate) fn new(words: &Words) -> Self {
        let size: usize = words.list.iter().map(String::len).sum();
        let kind = if size < DENSE_LIMIT { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder().kind(Some(kind)).build(&words.list).ok();
        Self { automaton, bounds: words.bounds.clone() }
    }

    pub(crate) fn present(&self, bytes: &[u8]) -> Present {
        let mut bits = vec![0_u64; self.bounds.len().div_ceil(64)];
        match &self.automaton {
            Some(automaton) => {
                for hit in automaton.find_overlapping_iter(bytes) {
                    let word = hit.pattern().as_usize();
                    if self.bounds[word] == Bounds::Anywhere || is_whole(bytes, hit.start(), hit.end()) {
                        bits[word / 64] |= 1 << (word % 64);
                    }
                }
            }
            // Without an automaton every word counts as present.
            None => bits.fill(u64::MAX),
        }
        Present(bits)
    }
}

/// Whether no name goes on before or behind a word. Letters beyond ASCII count as its end, to be on the safe side.
fn is_whole(bytes: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    !goes_on(start.checked_sub(1).and_then(|at| bytes.get(at))) && !goes_on(bytes.get(end))
}

impl Present {
    fn has(&self, word: u32) -> bool {
        self.0[word as usize / 64] >> (word % 64) & 1 == 1
    }

    pub(crate) fn meets(&self, need: &Need) -> bool {
        match need {
            Need::Always => true,
            Need::Word(word) => self.has(*word),
            Need::AnyWord(words) => words.iter().any(|word| self.has(*word)),
            Need::All(needs) => needs.iter().all(|need| self.meets(need)),
            Need::Any(needs) => needs.iter().any(|need| self.meets(need)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_by_themselves() {
        let mut words = Words::default();
        let whole = words.all_of(&["VM".to_owned()], Bounds::Whole);
        let anywhere = words.all_of(&["VM".to_owned()], Bounds::Anywhere);
        let prefilter = Prefilter::new(&words);
        for (text, expected) in [
            ("new VM()", true),
            ("VM", true),
            ("$VM", true),
            ("'VM'", true),
            ("isVM(VMs, my_VM, VM2)", false),
            ("VMs VM", true),
        ] {
            let present = prefilter.present(text.as_bytes());
            assert_eq!(present.meets(&whole), expected, "{text}");
            assert!(present.meets(&anywhere), "{text}");
        }
    }
}
