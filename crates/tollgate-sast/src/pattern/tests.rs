//! What patterns find, one line of code at a time.

use std::sync::Arc;

use tollgate_core::{Cancel, Language};

use crate::matching::{Dialect, Matcher, ParsedFile, Pattern, PatternOptions, PatternStore};

/// Lines of `code` where `pattern` matches.
fn lines(language: Language, pattern: &str, code: &str) -> Vec<u32> {
    lines_with(language, PatternOptions::default(), pattern, code)
}

fn lines_with(language: Language, options: PatternOptions, pattern: &str, code: &str) -> Vec<u32> {
    let mut store = PatternStore::default();
    let pattern = store.compile(language, pattern, &options).expect("the pattern compiles");
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
    check(Language::Dockerfile, "EXPOSE $P", "FROM a\nEXPOSE 80\n", &[2]);
    check(Language::Bash, "$X=<... curl ...>", "A=$(curl b)\nB=c\n", &[1]);
    check(Language::Bash, "$(ls ...)", "for a in $(ls b); do c; done\nls b\n", &[1]);
    check(Language::Bash, "${$V}", "echo \"x $A\"\necho \"x ${B}\"\necho x\n", &[1, 2]);
    check(Language::Bash, "`a`", "b $(a)\nb $a\n", &[1]);
    check(Language::Scala, "$X.!", "val a = b !\n", &[1]);
    check(Language::Kotlin, "\"...${$X}...\"", "val a = \"b $c\"\nval d = \"e\"\n", &[1]);
    check(Language::Python, "\"=~/^http:/\"", "f(f\"http://{x}\")\nf(f\"https://{x}\")\n", &[1]);
    check(Language::Python, "a and b", "a and b\na and b and c\n", &[1]);
    check(Language::Javascript, "f(<... b ...>)", "f(g(b))\nf(() => { b })\n", &[1]);
    check(Language::Php, "new A\\B()", "<?php\nuse A\\B as C;\nnew C();\n", &[3]);
    check(Language::Solidity, "contract A { ... }", "abstract contract A { }\ncontract B { }\n", &[1]);
    check(Language::Terraform, "{ ..., a = 1 }", "b {\n  c {\n    a = 1\n  }\n}\n", &[2]);
    check(Language::Apex, "insert $X;", "class A { void m() {\ninsert b;\nc();\n} }\n", &[2]);
    check(Language::Elixir, "A.b($X)", "A.b(1)\nA.c(1)\n", &[1]);
    check(
        Language::Dart,
        "import 'package:a';",
        "import 'package:a/b.dart';\nimport 'package:c/b.dart';\n",
        &[1],
    );
}

#[test]
fn options_change_what_is_found() {
    let base = PatternOptions::default();
    let check = |language, options: PatternOptions, pattern: &str, code: &str, expected: &[u32]| {
        let with = |options| lines_with(language, options, pattern, code);
        assert_eq!(with(options), expected, "{pattern}");
        assert_ne!(with(PatternOptions::default()), expected, "{pattern} by default");
    };
    let js = Language::Javascript;
    let python = Language::Python;
    let swapped = "a == 1\n1 == a\n";
    check(js, PatternOptions { symmetric_eq: true, ..base }, "$X == 1", swapped, &[1, 2]);
    check(js, PatternOptions { commutative_compop: true, ..base }, "$X == 1", swapped, &[1, 2]);
    let either = "a && b\nb && a\n";
    check(js, PatternOptions { commutative_boolop: true, ..base }, "a && b", either, &[1, 2]);
    check(js, PatternOptions { ac_matching: false, ..base }, "a | b", "a | b\nb | a\n", &[1]);
    let declared = "x = 1\nvar x = 1\nlet y = 1\n";
    check(js, PatternOptions { vardef_assign: false, ..base }, "$X = 1", declared, &[1]);
    check(js, PatternOptions { let_is_var: false, ..base }, "var $X = 1", declared, &[2]);
    let functions = "f(function() { })\nf(() => { })\n";
    check(js, PatternOptions { arrow_is_function: false, ..base }, "function(...) { ... }", functions, &[1]);
    let nested = "a(); b()\na(); if (c) { b() }\n";
    check(js, PatternOptions { go_deeper_stmt: false, ..base }, "a()\n...\nb()", nested, &[1]);
    let inside = "b()\ng(b())\n";
    check(js, PatternOptions { implicit_deep_exprstmt: false, ..base }, "b();", inside, &[1]);
    let deeper = "g(b())\ng(h(b()))\n";
    check(js, PatternOptions { go_deeper_expr: false, ..base }, "g(<... b() ...>)", deeper, &[1]);
    let elements = "m = <q a={1} />\nm = <q a={1} c={2} />\n";
    check(js, PatternOptions { xml_attrs_implicit_ellipsis: false, ..base }, "<q a={1} />", elements, &[1]);
    check(
        js,
        PatternOptions { xml_singleton_loose_matching: false, ..base },
        "<q />",
        "m = <q/>\nm = <q></q>\n",
        &[1],
    );
    check(js, PatternOptions { implicit_ellipsis: false, ..base }, "({p: 1})", "f({p: 1, r: 2})\n", &[]);
    check(
        python,
        PatternOptions { attr_expr: false, ..base },
        "d(...)",
        "@d(1)\ndef f(): pass\nd(1)\n",
        &[3],
    );
    check(
        python,
        PatternOptions { decorators_order_matters: true, ..base },
        "@e\n@d\ndef $F(): ...",
        "@d\n@e\ndef f(): pass\n",
        &[],
    );
    check(
        python,
        PatternOptions { constant_propagation: false, ..base },
        "f('a')",
        "q = 'a'\nf(q)\nf('a')\n",
        &[3],
    );
    check(python, PatternOptions { symbolic_propagation: true, ..base }, "f(g())", "q = g()\nf(q)\n", &[2]);
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

#[test]
fn tells_patterns_of_any_parameter() {
    for (language, text, expected) in [
        (Language::Javascript, "function ... (..., $ARG, ...) {...}", Some("$ARG")),
        (Language::Typescript, "function $F(...,$X,...) {\n  ...\n}", Some("$X")),
        (Language::Javascript, "function ... ($REQ, $RES) {...}", None),
        (Language::Javascript, "function handler(..., $X, ...) {...}", None),
        (Language::Javascript, "function $F(..., $X, ...) { return $X }", None),
        (Language::Python, "def $F(..., $X, ...):\n  ...", Some("$X")),
        (Language::Python, "@app.route(...)\ndef $F(..., $X, ...):\n  ...", None),
    ] {
        let pattern = Pattern::compile(language, text, &PatternOptions::default()).unwrap();
        let own = pattern.any_parameter().map(|name| &**name);
        assert_eq!(own, expected, "{text} {:#?}", pattern.0.nodes);
    }
}
