use std::time::Duration;

use proptest::prelude::*;
use tollgate_core::report::ScannerSummary;
use tollgate_core::{Coverage, Cwe, Diagnostic, Finding, Origin, ScannerId, SkipReason, Skipped, Sourced};

use super::*;
use crate::testing::lift;
use crate::testing::{code, package, path, region};

const TODAY: Date = Date::constant(2026, 6, 15);

fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::default();
    change(&mut policy);
    policy
}

fn rule(action: Action, change: impl FnOnce(&mut Matcher)) -> GateRule {
    let mut matcher = Matcher { text: "test".to_owned(), ..Matcher::default() };
    change(&mut matcher);
    GateRule { matcher, action, origin: Origin::Default }
}

fn at(severity: Option<Severity>, line: u32) -> Finding {
    let mut finding = code("sast", "python.sqli", 89, "src/a.py", region(line, 1, 9));
    finding.severity = severity;
    finding
}

/// Judges findings without scanners and shows the verdict and each decision.
fn check(findings: &[MergedFinding], policy: &Policy, verdict: &str, effects: &[&str]) {
    let judgement = judge(findings, &[], &[], policy, TODAY);
    assert_eq!(judgement.verdict.as_str(), verdict);
    let seen: Vec<_> = judgement.decisions.iter().map(|decision| decision.effect.as_str()).collect();
    assert_eq!(seen, effects);
    assert_eq!(verdict == "fail", seen.contains(&"fails"));
}

#[test]
fn thresholds() {
    let high = lift(vec![at(Some(Severity::High), 1)]);
    let medium = lift(vec![at(Some(Severity::Medium), 1), at(Some(Severity::Medium), 2)]);
    let unknown = lift(vec![at(None, 1)]);
    check(&high, &policy(|_| {}), "fail", &["fails"]);
    check(&medium, &policy(|_| {}), "pass", &["below", "below"]);
    check(&unknown, &policy(|_| {}), "fail", &["fails"]);
    check(&unknown, &policy(|p| p.unknown_severity.value = Severity::Low), "pass", &["below"]);
    check(&high, &policy(|p| p.fail_on.value = None), "pass", &["below"]);
    let max = |severity, limit| {
        policy(|p| {
            p.fail_on.value = None;
            p.max.insert(severity, Sourced::default_value(limit));
        })
    };
    check(&medium, &max(Severity::Medium, 2), "pass", &["tolerated", "tolerated"]);
    check(&medium, &max(Severity::Medium, 1), "fail", &["fails", "fails"]);
    // What is worse than the worst severity named counts there.
    check(&high, &max(Severity::Medium, 0), "fail", &["fails"]);
    check(&medium, &max(Severity::High, 0), "pass", &["below", "below"]);
}

#[test]
fn rules_decide_first() {
    let findings = lift(vec![at(Some(Severity::High), 1)]);
    let with = |rules: Vec<GateRule>| policy(|p| p.rules = rules);
    let glob = |pattern: &str| Some(compile_globs(&[pattern]).unwrap());
    check(&findings, &with(vec![rule(Action::Ignore, |m| m.path = glob("src"))]), "pass", &["ignored"]);
    check(&findings, &with(vec![rule(Action::Ignore, |m| m.path = glob("test/**"))]), "fail", &["fails"]);
    check(&findings, &with(vec![rule(Action::Warn, |m| m.rule = glob("python.*"))]), "pass", &["warns"]);
    check(&findings, &with(vec![rule(Action::Warn, |m| m.cwes = vec![Cwe(89)])]), "pass", &["warns"]);
    check(&findings, &with(vec![rule(Action::Fail { max: 1 }, |_| {})]), "pass", &["tolerated"]);
    let low = lift(vec![at(Some(Severity::Low), 1)]);
    check(&low, &with(vec![rule(Action::Fail { max: 0 }, |m| m.cwes = vec![Cwe(89)])]), "fail", &["fails"]);
    let scanner = |name: &str| {
        let name = ScannerId::new(name);
        rule(Action::Ignore, |m| m.scanners = vec![name])
    };
    check(&findings, &with(vec![scanner("sast")]), "pass", &["ignored"]);
    // A finding that another tool sees as well is not loosened by a rule for one of them.
    let mut seen_twice = findings;
    let mut second = seen_twice[0].sources[0].clone();
    second.tool = "bandit".to_owned();
    seen_twice[0].sources.push(second);
    check(&seen_twice, &with(vec![scanner("sast")]), "fail", &["fails"]);
}

#[test]
fn package_conditions_and_age() {
    use tollgate_core::dependency::Reachability;
    let mut finding = package("deps", "CVE-1", &[], "left-pad", "package-lock.json");
    finding.severity = Some(Severity::Low);
    let mut merged = lift(vec![finding]);
    let fails = |m: fn(&mut Matcher)| policy(|p| p.rules = vec![rule(Action::Fail { max: 0 }, m)]);
    let ignores = |m: fn(&mut Matcher)| {
        policy(|p| {
            p.fail_on.value = Some(Severity::Info);
            p.rules = vec![rule(Action::Ignore, m)];
        })
    };
    check(&merged, &fails(|m| m.reachable = Some(true)), "fail", &["fails"]);
    check(&merged, &ignores(|m| m.reachable = Some(false)), "fail", &["fails"]);
    check(&merged, &fails(|m| m.kev = Some(true)), "pass", &["below"]);
    check(&merged, &fails(|m| m.epss_at_least = Some(1)), "pass", &["below"]);
    check(&merged, &fails(|m| m.age_days = Some(10)), "pass", &["below"]);
    check(&merged, &fails(|m| m.fixable = Some(true)), "pass", &["below"]);
    merged[0].first_seen = Some("2026-06-01".to_owned());
    if let tollgate_core::Subject::Package(package) = &mut merged[0].finding.subject {
        package.reachability = Reachability::NotImported;
        package.epss_ppm = Some(5);
        package.kev = true;
        package.fixed_versions = vec!["2".to_owned()];
    }
    check(&merged, &fails(|m| m.reachable = Some(true)), "pass", &["below"]);
    check(&merged, &ignores(|m| m.reachable = Some(false)), "pass", &["ignored"]);
    check(&merged, &fails(|m| m.kev = Some(true)), "fail", &["fails"]);
    check(&merged, &fails(|m| m.epss_at_least = Some(5)), "fail", &["fails"]);
    check(&merged, &fails(|m| m.age_days = Some(14)), "fail", &["fails"]);
    check(&merged, &fails(|m| m.age_days = Some(15)), "pass", &["below"]);
    check(&merged, &fails(|m| m.fixable = Some(true)), "fail", &["fails"]);
}

#[test]
fn known_suppressed_and_absent_findings_do_not_count() {
    let mut merged = lift(vec![at(Some(Severity::High), 1)]);
    let new_only = policy(|p| p.new_only.value = true);
    check(&merged, &new_only, "fail", &["fails"]);
    merged[0].baseline = Some(BaselineState::Unchanged);
    check(&merged, &new_only, "pass", &["known"]);
    check(&merged, &policy(|_| {}), "fail", &["fails"]);
    merged[0].baseline = Some(BaselineState::Absent);
    check(&merged, &policy(|_| {}), "pass", &["absent"]);
}

#[test]
fn completeness_does_not_depend_on_findings() {
    let mut summary = ScannerSummary {
        scanner: ScannerId::new("sast"),
        tool: None,
        rules: Vec::new(),
        coverage: Coverage::default(),
        diagnostics: vec![Diagnostic::new(DiagnosticLevel::Error, "scanner `sast` crashed: x")],
        complete: false,
        elapsed: Duration::ZERO,
    };
    let verdict = |summary: &ScannerSummary, policy: &Policy| {
        judge(&[], std::slice::from_ref(summary), &[], policy, TODAY).verdict
    };
    let incomplete = verdict(&summary, &Policy::default());
    assert_eq!(incomplete.as_str(), "incomplete");
    assert_eq!(incomplete.gaps()[0].reason, "scanner `sast` crashed: x");
    let optional = policy(|p| p.optional_scanners = [ScannerId::new("sast")].into());
    assert_eq!(verdict(&summary, &optional).as_str(), "pass");
    summary.diagnostics.clear();
    summary.coverage.skipped = vec![Skipped { path: path("a.js"), reason: SkipReason::TooLarge }; 3];
    let reason = verdict(&summary, &Policy::default()).gaps()[0].reason.clone();
    assert_eq!(reason, "a.js: larger than scan.max-file-size (and 2 more)");
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let severity = prop::sample::select(Severity::ALL.to_vec());
    let action = prop_oneof![
        (0_u64..3).prop_map(|max| Action::Fail { max }),
        Just(Action::Warn),
        Just(Action::Ignore)
    ];
    let rules = prop::collection::vec((action, severity.clone()), 0..3);
    (
        prop::option::of(severity.clone()),
        prop::collection::btree_map(severity, 0_u64..4, 0..3),
        any::<bool>(),
        rules,
    )
        .prop_map(|(fail_on, max, new_only, rules)| {
            policy(|p| {
                p.fail_on.value = fail_on;
                p.max = max.into_iter().map(|(s, limit)| (s, Sourced::default_value(limit))).collect();
                p.new_only.value = new_only;
                p.rules = rules
                    .into_iter()
                    .map(|(action, severity)| rule(action, |m| m.severities = vec![severity]))
                    .collect();
            })
        })
}

fn any_findings() -> impl Strategy<Value = Vec<Finding>> {
    prop::collection::vec((prop::option::of(prop::sample::select(Severity::ALL.to_vec())), 1_u32..40), 0..12)
        .prop_map(|all| all.into_iter().map(|(severity, line)| at(severity, line)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_findings_never_turn_fail_into_pass(
        policy in any_policy(), few in any_findings(), more in any_findings(),
    ) {
        let fails = |findings: Vec<Finding>| {
            judge(&lift(findings), &[], &[], &policy, TODAY).verdict.as_str() == "fail"
        };
        if fails(few.clone()) {
            prop_assert!(fails(few.into_iter().chain(more).collect()));
        }
    }
}
