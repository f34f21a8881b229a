//! What patterns find, one line of code at a time.

use std::sync::Arc;

use tollgate_core::{Cancel, Language};

use crate::matching::{Dialect, Matcher, ParsedFile, PatternOptions, PatternStore};

/// Lines of `code` where `pattern` matches.
fn lines(language: Language, pattern: &str, code: &str) -> Vec<u32> {
    let mut store = PatternStore::default();
    let pattern = store.compile(language, pattern, &PatternOptions::default()).expect("the pattern compiles");
    let file =
        ParsedFile::parse(language, Dialect::Plain, Arc::from(code), &Cancel::new()).expect("it parses");
    let matcher = Matcher::new(&file, &Cancel::new());
    let mut lines: Vec<u32> =
        matcher.find(&pattern).iter().map(|found| file.line_of(found.span.start)).collect();
    lines.dedup();
    lines
}

#[test]
fn patterns_find_what_they_should() {
    let check = |language, pattern: &str, code: &str, expected: &[u32]| {
        assert_eq!(lines(language, pattern, code), expected, "{pattern}");
    };
    check(Language::Python, "f(..., 1, ...)", "f(1)\nf(2, 1)\nf(2)\n", &[1, 2]);
    check(Language::Python, "os.system(...)", "from os import system as s\ns(1)\n", &[2]);
    check(Language::Python, "f('a')", "x = 'a'\nf(x)\n", &[2]);
    check(Language::Python, "a()\n...\nb()", "a()\nif c:\n    b()\n", &[1]);
    check(Language::Javascript, "$FS.readFile(...)", "fs?.readFile(1)\nfs.x(1)\n", &[1]);
    check(
        Language::Java,
        "(Foo $X).bar()",
        "class A { void m(Foo p, Baz q) {\np.bar();\nq.bar(); } }\n",
        &[2],
    );
    check(Language::Go, "$X = f()", "package p\nfunc g() {\nx := f()\n}\n", &[3]);
    check(Language::Terraform, "acl = \"public\"", "a \"b\" \"c\" {\nacl = \"public\"\n}\n", &[2]);
    check(Language::Yaml, "a: 1", "b:\n  a: 1\n  c: 2\n", &[2]);
    check(Language::Ruby, "f(a: 1)", "f :a => 1\nf b: 1\n", &[1]);
    check(Language::Php, "echo $X;", "<?php\necho $a;\nprint($a);\n", &[2]);
    check(Language::Rust, "a::b::C::new()", "use a::b::C;\nfn f() {\nC::new();\n}\n", &[3]);
    check(Language::Dockerfile, "yum update", "FROM a\nRUN yum update && ls\n", &[2]);
}

#[test]
fn deep_nesting_neither_overflows_nor_hangs() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth))
    };
    let cases = [
        (Language::Python, nested("(", ")", 100_000)),
        (Language::Python, nested("[", "]", 50_000)),
        (Language::Javascript, nested("f(", ")", 20_000)),
        (Language::Json, "[".repeat(100_000)),
        (Language::Java, format!("class A {{ int x = {}1{}; }}", "(".repeat(50_000), ")".repeat(50_000))),
    ];
    for (language, code) in cases {
        let cancel =
            Cancel::new().with_deadline(std::time::Instant::now() + std::time::Duration::from_secs(20));
        let Ok(file) = ParsedFile::parse(language, Dialect::Plain, Arc::from(code.as_str()), &cancel) else {
            continue;
        };
        let mut store = PatternStore::default();
        for pattern in ["$X", "f($X)", "f(<... g ...>)", "1"] {
            let Ok(pattern) = store.compile(language, pattern, &PatternOptions::default()) else { continue };
            let brief =
                Cancel::new().with_deadline(std::time::Instant::now() + std::time::Duration::from_secs(2));
            let _ = Matcher::new(&file, &brief).find(&pattern);
        }
    }
}

#[test]
fn deep_blocks_are_refused() {
    let mut yaml = String::new();
    for depth in 0..2000 {
        yaml.push_str(&" ".repeat(depth));
        yaml.push_str("a:\n");
    }
    let parsed = ParsedFile::parse(Language::Yaml, Dialect::Plain, Arc::from(yaml.as_str()), &Cancel::new());
    assert!(parsed.is_err());
}
