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
        let _ = TokenPattern::new(&text, &TokenOptions { max_span: 10, caseless: false, flat: false, comments: None });
    }
}

const LIBRARY: &str = "library:\n- id: own.input\n  languages: [python]\n  pattern-sources:\n  - pattern: read_input(...)\n  - use: own.more\n  pattern-sanitizers:\n  - pattern: clean(...)\n- id: own.more\n  languages: [python]\n  pattern-sources:\n  - pattern: |\n      more(...)\n";

fn with_library(sources: &str) -> Loaded {
    let rule = "rules:\n- id: a\n  message: m\n  severity: ERROR\n  languages: [python]\n  mode: taint\n  pattern-sinks: [{pattern: run(...)}]\n  pattern-sources:\n";
    let mut loaded = load(&format!("{LIBRARY}{rule}{sources}"));
    loaded.compile_all();
    loaded
}

#[test]
fn rules_use_items_of_the_library() {
    let loaded = with_library("  - use: own.input\n  - pattern: other(...)\n");
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let shown = loaded.rules[0].yaml();
    assert!(
        shown.ends_with("  pattern-sources:\n  # own.input\n  - pattern: read_input(...)\n  - pattern: |\n      more(...)\n  - pattern: other(...)\n"),
        "{shown}"
    );
    let again = load(&format!("rules:\n{}", shown.trim_start_matches("rules:\n")));
    assert!(again.errors.is_empty(), "what is shown loads by itself: {:?}", again.errors);
    assert!(
        with_library("  - use: python.web.request\n").errors.is_empty(),
        "the built-in library is there too"
    );
}

#[test]
fn entries_add_to_the_built_in_ones_of_their_name() {
    let text = "library:\n- id: python.web.request\n  languages: [python]\n  pattern-sources:\n  - use: python.web.request\n  - pattern: own_request()\n";
    let loaded = load(text);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let built_in = crate::builtin::load_with("extended", loaded.library);
    let rule = built_in.rules.iter().find(|rule| rule.id().as_str() == "python.web.sql-injection").unwrap();
    let shown = rule.yaml();
    assert!(shown.contains("flask.request.$PART") && shown.contains("own_request()"), "{shown}");
}

#[test]
fn faults_of_uses_say_where_and_what_else() {
    let check = |sources: &str, problem: &str, hint: Option<&str>, line: u32| {
        let loaded = with_library(sources);
        let error = loaded.errors.first().unwrap_or_else(|| panic!("{sources} has no fault"));
        assert_eq!(error.problem.to_string(), problem);
        assert_eq!(error.hint().as_deref(), hint);
        assert_eq!(error.place.map(|place| place.line), Some(line));
    };
    let line = u32::try_from(LIBRARY.lines().count()).unwrap() + 9;
    check(
        "  - use: own.inptu\n",
        "unknown library entry `own.inptu`",
        Some("did you mean `own.input`?"),
        line,
    );
    let loaded = load(&format!(
        "{LIBRARY}rules:\n- id: a\n  message: m\n  severity: ERROR\n  languages: [python]\n  mode: taint\n  pattern-sinks: [{{use: own.input}}]\n  pattern-sources: [{{pattern: x, use: own.more}}]\n"
    ));
    let problems: Vec<String> = loaded.errors.iter().map(|error| error.problem.to_string()).collect();
    assert_eq!(
        problems,
        [
            "`use` stands alone; conditions belong into the library",
            "`own.input` has no sinks, only sources and sanitizers"
        ]
    );
    let circle = load(
        "library:\n- id: a\n  languages: [python]\n  pattern-sources: [{use: b}]\n- id: b\n  languages: [python]\n  pattern-sources: [{use: a}, {pattern: x}]\n",
    );
    let problem = circle.errors[0].problem.to_string();
    assert!(problem.contains("`b` leads back to `a`"), "{problem}");
    let broken = {
        let mut loaded =
            load("library:\n- id: a\n  languages: [python]\n  pattern-sources:\n  - pattern: f((\n");
        loaded.compile_all();
        loaded
    };
    assert_eq!(broken.errors[0].place.map(|place| place.line), Some(5));
}
