//! Hostile rule files.

use proptest::prelude::*;

use crate::eval::comparison::Comparison;
use crate::generic::regexes::{Anchoring, Regex};
use crate::generic::tokens::{TokenOptions, TokenPattern};
use crate::rule::load::{Loaded, parse};
use crate::rule::requires::Requires;

fn load(text: &str) -> Loaded {
    parse("hostile.yaml".as_ref(), text)
}

fn problem(text: &str) -> String {
    load(text).errors.first().map(|error| error.problem.to_string()).unwrap_or_default()
}

#[test]
fn bombs_and_towers_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    assert!(problem(&bomb).contains("YAML nodes"), "{}", problem(&bomb));
    let tower = format!("rules: {}", "[".repeat(5_000));
    // The reader of YAML events has a limit of its own, below ours for brackets alone.
    assert!(problem(&tower).contains("recursion limit"), "{}", problem(&tower));
    let chain: String = (0..200)
        .map(|n| if n == 0 { "a0: &a0 [x]\n".to_owned() } else { format!("a{n}: &a{n} [*a{}]\n", n - 1) })
        .collect();
    assert!(problem(&chain).contains("levels of nesting"), "{}", problem(&chain));
}

#[test]
fn what_is_not_supported_says_so_with_its_place() {
    let text = "rules:\n- id: a\n  mode: join\n  message: m\n  severity: ERROR\n  languages: [python]\n  pattern: x\n";
    let loaded = load(text);
    let error = &loaded.errors[0];
    assert_eq!(error.problem.to_string(), "the mode `join` is not supported");
    assert_eq!(error.place.map(|place| (place.line, place.column)), Some((3, 9)));
}

#[test]
fn both_forms_of_the_syntax_load() {
    let head = "rules:\n- id: a\n  message: m\n  severity: ERROR\n  languages: [regex]\n";
    for body in [
        "  pattern-regex: x\n",
        "  patterns:\n  - pattern-regex: x\n  - pattern-not-regex: y\n",
        "  match: {regex: x}\n",
        "  match:\n    all:\n    - regex: (?P<X>a)\n    - not: {regex: b}\n    where:\n    - metavariable: $X\n      regex: a\n    - focus: $X\n    - comparison: $X == 'a'\n",
        "  mode: taint\n  pattern-sources: [{pattern-regex: x}]\n  pattern-sinks: [{pattern-regex: y, requires: A and not B}]\n",
        "  taint:\n    sources: [{regex: x, by-side-effect: only}]\n    sinks: [{regex: y, at-exit: true}]\n    propagators: [{regex: z, from: $A, to: $B}]\n",
    ] {
        let mut loaded = load(&format!("{head}{body}"));
        loaded.compile_all();
        let errors: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
        assert!(errors.is_empty() && loaded.rules.len() == 1, "{body}: {}", errors.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_breaks_the_readers(text in "(rules|- id|pattern|patterns|:|\n|  |- |\\[|\\]|\\{|\\}|\\$X|&a|\\*a|'|\"|\\||>|[a-z ]){0,60}") {
        let _ = load(&text);
        let _ = load(&format!("rules:\n{text}"));
    }

    #[test]
    fn no_text_breaks_the_expression_parsers(text in "\\PC{0,40}") {
        let _ = Comparison::parse(&text);
        let _ = Requires::parse(&text);
        let _ = Regex::new(&text, Anchoring::Search);
        let _ = TokenPattern::new(&text, &TokenOptions { max_span: 10, caseless: false });
    }
}
