use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use tollgate_core::{CodeFinding, Region, SourceLocation};

use super::*;
use crate::enrich::enrich_findings;
use crate::testing::{code, endpoint, finding, package, path, region};

/// What a scanner with two rules says of a text: `danger(` and `risk(` are flawed, `def` opens a scope.
fn scan(text: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.py"), text).unwrap();
    let mut scope = Vec::new();
    let mut findings = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.trim().strip_prefix("def ") {
            scope = vec![format!("def {}", name.trim_end_matches(':'))];
        }
        for rule in ["danger", "risk"] {
            if let Some(at) = line.find(&format!("{rule}(")) {
                let end = start + line.trim_end().len();
                let subject = Subject::Code(Box::new(CodeFinding {
                    location: SourceLocation::new(path("a.py"), Region::of_bytes(text, start + at, end)),
                    scope: scope.clone(),
                    identity: String::new(),
                    trace: None,
                    sensitive: Vec::new(),
                }));
                findings.push(finding("sast", rule, 79, subject));
            }
        }
        start += line.len();
    }
    let mut all: Vec<&mut Finding> = findings.iter_mut().collect();
    enrich_findings(&mut all, folder.path());
    findings
}

fn of_rule(text: &str, rule: &str) -> Vec<Fingerprint> {
    let findings = scan(text);
    let prints = fingerprints(&findings);
    findings.iter().zip(prints).filter(|(one, _)| one.rule.as_str() == rule).map(|(_, print)| print).collect()
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-d]".prop_map(|name| format!("def {name}():")),
        "[xyz]".prop_map(|name| format!("    danger({name} + 1, \"é\")")),
        "[xyz]".prop_map(|name| format!("    risk({name})")),
        "[a-z ]{0,8}".prop_map(|text| format!("    # {text}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn survive_what_leaves_the_flaw_alone(
        lines in prop::collection::vec(any_line(), 1..30),
        above in prop::collection::vec("# [a-z]{0,9}", 0..9),
        indent in 0_usize..9,
    ) {
        let text = lines.join("\n") + "\n";
        let before = of_rule(&text, "danger");
        let distinct: BTreeSet<_> = before.iter().collect();
        prop_assert_eq!(distinct.len(), before.len(), "two findings share a fingerprint");

        let moved = above.join("\n") + "\n" + &text;
        prop_assert_eq!(&before, &of_rule(&moved, "danger"), "lines above");
        prop_assert_eq!(&before, &of_rule(&text.replace('\n', "\r\n"), "danger"), "CRLF");
        let indented: String = lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect();
        prop_assert_eq!(&before, &of_rule(&indented, "danger"), "indentation");
        let others: String = lines.iter().filter(|line| !line.contains("risk(")).map(|l| format!("{l}\n")).collect();
        prop_assert_eq!(&before, &of_rule(&others, "danger"), "other findings removed");
        let wrapped = text.replace("danger(", "danger(  ");
        prop_assert_eq!(&before, &of_rule(&wrapped, "danger"), "white space inside");
    }

    #[test]
    fn change_with_the_flaw(lines in prop::collection::vec(any_line(), 1..20)) {
        let text = lines.join("\n") + "\n";
        let before: BTreeSet<_> = of_rule(&text, "danger").into_iter().collect();
        let after = of_rule(&text.replace("+ 1", "+ 2"), "danger");
        prop_assert!(after.iter().all(|print| !before.contains(print)));
    }
}

#[test]
fn each_kind_has_its_own_identity() {
    let lock = "package-lock.json";
    let all = [
        code("sast", "r", 79, "a.py", region(1, 1, 5)),
        code("sast", "r", 79, "b.py", region(1, 1, 5)),
        code("sast", "other", 79, "a.py", region(1, 1, 5)),
        package("deps", "CVE-1", &[], "p", lock),
        package("deps", "CVE-2", &[], "p", lock),
        package("deps", "CVE-1", &[], "q", lock),
        endpoint("dast", "xss", 79, "http://h/a", "q"),
        endpoint("dast", "xss", 79, "http://h/a", "r"),
        endpoint("dast", "xss", 79, "http://h/b", "q"),
    ];
    let prints: BTreeSet<_> = fingerprints(&all).into_iter().collect();
    assert_eq!(prints.len(), all.len());
}

#[test]
fn folding_keeps_words_apart() {
    assert_eq!(fold_text("  return  x ( a,\n  b )"), "return x(a,b)");
    assert_eq!(fold_text("a . b"), "a.b");
    assert_ne!(fold_text("return x"), fold_text("returnx"));
}
