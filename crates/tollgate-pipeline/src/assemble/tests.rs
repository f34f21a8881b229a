use std::fs;

use tollgate_core::{Cancel, DiagnosticLevel, SkipReason, Skipped};

use super::*;
use crate::testing::{code, path, region};
use crate::walk::{WalkSettings, walk};

const TODAY: Date = Date::constant(2026, 6, 15);

fn rules(policy: &Policy) -> Rules<'_> {
    Rules {
        policy,
        suppressing: Suppressing { waivers: &[], require_reason: false, report_unused: true, today: TODAY },
        baseline: None,
        partial: false,
    }
}

fn outcome(name: &str, findings: Vec<Finding>) -> ScannerOutcome {
    ScannerOutcome { findings, ..ScannerOutcome::empty(ScannerId::new(name)) }
}

fn shown(report: &Report) -> Vec<String> {
    let show = |one: &MergedFinding| {
        let source = one.finding.source().unwrap();
        format!("{}:{} {}", source.path, source.region.start().line, one.sources.len())
    };
    report.findings.iter().map(show).collect()
}

#[test]
fn outcomes_become_a_sorted_judged_report() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.py"), "one\nexecute(query)\nthree\n").unwrap();
    let inventory = walk(&WalkSettings::of(folder.path()), &Cancel::new()).unwrap();
    let mut low = code("sast", "other", 79, "a.py", region(1, 1, 4));
    low.severity = Some(Severity::Low);
    let material = || Material {
        inventory: Some(inventory.clone()),
        outcomes: vec![
            outcome("bandit", vec![code("bandit", "B608", 89, "a.py", tollgate_core::Region::line(2))]),
            outcome("sast", vec![low.clone(), code("sast", "sqli", 89, "a.py", region(2, 1, 15))]),
        ],
        ..Material::default()
    };
    let policy = Policy::default();
    let report = conclude(material(), &rules(&policy), Invocation::default()).report;
    assert_eq!(shown(&report), ["a.py:2 2", "a.py:1 1"]);
    assert_eq!(report.verdict.as_str(), "fail");
    let names: Vec<_> = report.scanners.iter().map(|summary| summary.scanner.as_str()).collect();
    assert_eq!(names, ["walk", "sast", "bandit"]);
    assert!(report.findings[0].finding.source().unwrap().snippet.is_some());

    let again = rejudge(report.clone(), &policy, TODAY);
    assert_eq!((again.report, again.decisions.len()), (report, 2));

    // The order of scanners changes nothing.
    let mut turned = material();
    turned.outcomes.reverse();
    let turned = conclude(turned, &rules(&policy), Invocation::default()).report;
    assert_eq!(shown(&turned), ["a.py:2 2", "a.py:1 1"]);
}

#[test]
fn what_was_not_seen_is_a_gap_in_every_later_report() {
    let skipped = vec![Skipped { path: path("big.js"), reason: SkipReason::TooLarge }];
    let material = Material {
        inventory: Some(Inventory::new("/nowhere".into(), Vec::new(), skipped)),
        ..Material::default()
    };
    let policy = Policy::default();
    let first = conclude(material, &rules(&policy), Invocation::default()).report;
    assert_eq!(first.verdict.as_str(), "incomplete");
    assert_eq!(rejudge(first.clone(), &policy, TODAY).report.verdict, first.verdict);

    let mut crashed = outcome("sast", Vec::new());
    crashed.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, "scanner `sast` crashed"));
    let second = conclude(
        Material { outcomes: vec![crashed], ..Material::default() },
        &rules(&policy),
        Invocation::default(),
    );
    let merged = Material { reports: vec![first, second.report], ..Material::default() };
    let merged = conclude(merged, &rules(&policy), Invocation::default()).report;
    assert_eq!(merged.verdict.gaps().len(), 2);
}
