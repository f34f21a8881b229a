//! Damaged code and damaged rules: whatever the bytes, the engine answers, in time, and the same each time.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tollgate_sast::trial::Trial;

/// Longer texts say nothing that shorter ones do not.
const MAX_LENGTH: usize = 40_000;
/// What one text may take; far more than any needs.
const BUDGET: Duration = Duration::from_secs(20);
/// What the tests here may take together before they stop early.
const PATIENCE: Duration = Duration::from_secs(60);

const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\\",
    "$",
    "#",
    "@",
    "...",
    ";",
    ":",
    ",",
    "=",
    "=>",
    "->",
    "${",
    "#{",
    "/*",
    "*/",
    "//",
    "<!--",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "é",
    "💥",
    "if ",
    "else ",
    "for ",
    "while ",
    "def f(x):\n",
    "function ",
    "class A {",
    "return ",
    "try {",
    "import ",
    "x = ",
    "f(f(f(",
    "$X",
    "$...X",
    "<... x ...>",
    "pattern: ",
    "  - ",
    "\"\"\"",
    "<<EOF\n",
    "%{",
];

fn rules() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

/// Every text file below a folder, in order.
fn texts(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the rules are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            if let (true, Ok(text)) = (wanted(&name), std::fs::read_to_string(&path)) {
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

/// A change of a text: what, where, how much, and with which piece.
type Damage = (u8, u16, u16, u16);

fn damaged(texts: &[(String, String)], at: usize, changes: &[Damage]) -> String {
    let mut text = texts[at].1.clone();
    for (what, place, length, pick) in changes {
        let start = text.floor_char_boundary(text.len() * usize::from(*place) / usize::from(u16::MAX));
        let end = text.floor_char_boundary((start + usize::from(*length) % 400).min(text.len()));
        let piece = PIECES[usize::from(*pick) % PIECES.len()];
        match what % 7 {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, piece),
            2 => text.insert_str(start, &piece.repeat(usize::from(*length) % 3_000)),
            3 => {
                let copy = text[start..end].to_owned();
                text.insert_str(start, &copy.repeat(1 + usize::from(*pick) % 20));
            }
            4 => text.truncate(start),
            5 => {
                let other = &texts[usize::from(*pick) % texts.len()].1;
                let cut = other.floor_char_boundary(usize::from(*length) % (other.len() + 1));
                text.insert_str(start, &other[..cut]);
            }
            _ => text.replace_range(start..end, piece),
        }
        if text.len() > MAX_LENGTH {
            text.truncate(text.floor_char_boundary(MAX_LENGTH));
        }
    }
    text
}

fn check(cases: u32, count: usize, mut each: impl FnMut(usize, Vec<Damage>)) {
    let started = Instant::now();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases, ..Config::default() }, rng);
    let strategy = (0..count, prop::collection::vec(any::<Damage>(), 1..6));
    for _ in 0..cases {
        if started.elapsed() > PATIENCE * cases.div_ceil(400) {
            break;
        }
        let value = strategy.new_tree(&mut runner).expect("the strategy rejects nothing").current();
        each(value.0, value.1);
    }
}

/// As many as a run should take, or as many as are asked for by hand.
fn cases(usual: u32) -> u32 {
    std::env::var("TOLLGATE_HOSTILE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn damaged_code_is_scanned_in_time_and_alike() {
    let trial = Trial::of_paths(&[rules()]);
    assert!(trial.count() > 200, "the rules load");
    let code = texts(&rules(), &|name| !name.ends_with(".yaml") && !name.ends_with(".md"));
    check(cases(400), code.len(), |at, changes| {
        let text = damaged(&code, at, &changes);
        let started = Instant::now();
        let first = trial.scan(&code[at].0, &text, BUDGET);
        assert!(started.elapsed() < 2 * BUDGET, "{} with {changes:?} took too long", code[at].0);
        if first.incomplete || !text.len().is_multiple_of(4) {
            return;
        }
        let second = trial.scan(&code[at].0, &text, BUDGET);
        assert!(second.incomplete || first == second, "{} with {changes:?}", code[at].0);
    });
}

#[test]
fn damaged_rules_load_or_say_why_not() {
    let files = texts(&rules(), &|name| name.ends_with(".yaml"));
    let code = texts(&rules(), &|name| name.ends_with(".py") || name.ends_with(".js"));
    check(cases(150), files.len(), |at, changes| {
        let trial = Trial::of_text(&damaged(&files, at, &changes));
        if trial.count() > 0 {
            let (name, text) = &code[at % code.len()];
            let _ = trial.scan(name, text, BUDGET);
        }
    });
}
