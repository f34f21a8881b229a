use std::time::Duration;

use tollgate_core::{Coverage, Finding, ScannerId, Snippet};

use super::*;
use crate::testing::lift;
use crate::testing::{code, package, path, region};

const RECORDED: Date = Date::constant(2026, 1, 2);

fn at(file: &str, line: u32, text: &str) -> Finding {
    let mut finding = code("sast", "sqli", 89, file, region(line, 1, 9));
    if let Subject::Code(own) = &mut finding.subject {
        own.identity = text.to_owned();
        own.location.snippet = Some(Snippet { first_line: line, text: text.to_owned() });
    }
    finding
}

fn ran(name: &str) -> ScannerSummary {
    ScannerSummary {
        scanner: ScannerId::new(name),
        tool: None,
        rules: Vec::new(),
        coverage: Coverage::default(),
        diagnostics: Vec::new(),
        complete: true,
        elapsed: Duration::ZERO,
    }
}

/// Compares and shows each result as `path:line state`.
fn check(
    old: Vec<Finding>,
    new: Vec<Finding>,
    scope: &BaselineScope,
    expected: &[&str],
) -> Vec<MergedFinding> {
    let baseline = Baseline::new(lift(old), Some(RECORDED));
    let compared = compare(lift(new), &baseline, scope, &[ran("sast"), ran("deps")]);
    let seen: Vec<_> = compared
        .iter()
        .map(|one| {
            let source = one.finding.source().unwrap();
            let state = one.baseline.map_or("-", BaselineState::as_str);
            format!("{}:{} {state}", source.path, source.region.start().line)
        })
        .collect();
    assert_eq!(seen, expected);
    compared
}

#[test]
fn states() {
    let all = BaselineScope::default();
    let compared = check(
        vec![at("a.py", 3, "q(x)"), at("a.py", 90, "q(y)")],
        vec![at("a.py", 7, "q(x)"), at("a.py", 50, "q(z)")],
        &all,
        &["a.py:7 unchanged", "a.py:50 new", "a.py:90 absent"],
    );
    assert_eq!(compared[0].first_seen.as_deref(), Some("2026-01-02"));
    assert_eq!(compared[1].first_seen, None);
    // Equal flaws are matched one to one.
    check(
        vec![at("a.py", 3, "q(x)")],
        vec![at("a.py", 3, "q(x)"), at("a.py", 40, "q(x)")],
        &all,
        &["a.py:3 unchanged", "a.py:40 new"],
    );
    // An altered flaw near its old place is the same one; far away it is another.
    check(vec![at("a.py", 3, "q(x)")], vec![at("a.py", 5, "q(w)")], &all, &["a.py:5 updated"]);
    check(vec![at("a.py", 3, "q(x)")], vec![at("a.py", 9, "q(w)")], &all, &["a.py:9 new", "a.py:3 absent"]);
}

#[test]
fn moved_files_keep_their_findings() {
    let old = vec![at("old/a.py", 3, "q(x)"), at("old/b.py", 3, "q(x)")];
    let new = vec![at("new/b.py", 3, "q(x)"), at("new/a.py", 3, "q(x)")];
    let scope = BaselineScope::default();
    let compared = check(old.clone(), new.clone(), &scope, &["new/b.py:3 updated", "new/a.py:3 updated"]);
    assert!(compared.iter().all(|one| one.first_seen.is_some()));
    let renames = [(path("old/a.py"), path("new/c.py"))].into();
    let scope = BaselineScope { renames, ..BaselineScope::default() };
    check(
        vec![at("old/a.py", 3, "q(x)")],
        vec![at("new/a.py", 3, "q(x)"), at("new/c.py", 3, "q(x)")],
        &scope,
        &["new/a.py:3 updated", "new/c.py:3 new"],
    );
}

#[test]
fn what_was_not_looked_at_is_neither_lost_nor_new() {
    let since = BaselineScope { changed: Some([path("a.py")].into()), ..BaselineScope::default() };
    check(
        vec![at("a.py", 3, "q(x)"), at("b.py", 3, "q(x)")],
        Vec::new(),
        &since,
        &["a.py:3 absent", "b.py:3 unchanged"],
    );
    let incomplete = BaselineScope { completed: Some(BTreeSet::new()), ..BaselineScope::default() };
    check(vec![at("a.py", 3, "q(x)")], Vec::new(), &incomplete, &["a.py:3 unchanged"]);
    // A scanner that was not asked has nothing to say of its findings.
    let mut dynamic = at("a.py", 3, "q(x)");
    dynamic.scanner = ScannerId::new("dast");
    check(vec![dynamic], Vec::new(), &BaselineScope::default(), &[]);
}

#[test]
fn packages_follow_their_lockfile() {
    check(
        vec![package("deps", "CVE-1", &[], "p", "a/package-lock.json")],
        vec![package("deps", "CVE-1", &[], "p", "b/package-lock.json")],
        &BaselineScope::default(),
        &["b/package-lock.json:3 updated"],
    );
}
