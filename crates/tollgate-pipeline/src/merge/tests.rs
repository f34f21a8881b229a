use proptest::prelude::*;
use tollgate_core::location::StepKind;
use tollgate_core::{Region, SourceLocation, Suppression, SuppressionKind, Trace, TraceStep};

use super::*;
use crate::testing::{code, endpoint, finding, lift, lines, package, path, region};

/// Merges findings of one scan and shows each result as the rules of its sources.
fn check(findings: Vec<Finding>, expected: &[&str]) -> Vec<MergedFinding> {
    let merged = merge(vec![lift(findings)], &[]);
    assert_eq!(shown(&merged), expected);
    merged
}

fn shown(merged: &[MergedFinding]) -> Vec<String> {
    merged
        .iter()
        .map(|one| {
            let rules: Vec<_> = one.sources.iter().map(|s| format!("{}/{}", s.tool, s.rule)).collect();
            rules.join(" + ")
        })
        .collect()
}

#[test]
fn across_tools_weakness_and_overlap_decide() {
    let at = |tool, id, cwe, from, to| code(tool, id, cwe, "a.py", region(3, from, to));
    check(vec![at("sast", "sqli", 89, 1, 9), at("bandit", "B608", 564, 5, 20)], &["bandit/B608 + sast/sqli"]);
    check(vec![at("sast", "sqli", 89, 1, 9), at("bandit", "B602", 78, 1, 9)], &["bandit/B602", "sast/sqli"]);
    check(vec![at("sast", "sqli", 89, 1, 9), at("bandit", "B608", 89, 9, 20)], &["sast/sqli", "bandit/B608"]);
    check(
        vec![at("sast", "sqli", 89, 1, 9), at("x", "sql-injection", 0, 1, 4)],
        &["sast/sqli + x/sql-injection"],
    );
    check(vec![at("sast", "r1", 20, 1, 9), at("x", "r2", 20, 1, 9)], &["sast/r1", "x/r2"]);
}

#[test]
fn one_tool_never_has_two_findings_in_one_result() {
    let at = |tool, id, region| code(tool, id, 79, "a.js", region);
    check(
        vec![at("sast", "r1", region(1, 1, 9)), at("sast", "r2", region(1, 1, 9))],
        &["sast/r1", "sast/r2"],
    );
    // The wide finding overlaps both, and goes to the nearer one.
    check(
        vec![at("b", "r", region(6, 1, 9)), at("b", "r", region(30, 1, 9)), at("a", "wide", lines(5, 40))],
        &["a/wide + b/r", "b/r"],
    );
    // Three tools, the third reports two: no gluing through the others.
    check(
        vec![
            at("a", "r", region(1, 1, 30)),
            at("b", "r", region(1, 1, 40)),
            at("c", "r", region(1, 2, 9)),
            at("c", "r", region(1, 12, 20)),
        ],
        &["a/r + b/r + c/r", "c/r"],
    );
}

#[test]
fn the_result_keeps_the_best_of_each() {
    let mut wide = code("sast", "sqli", 89, "a.py", lines(3, 4));
    wide.message = "short".to_owned();
    let mut narrow = code("bandit", "B608", 564, "a.py", region(3, 5, 9));
    narrow.message = "a much longer explanation".to_owned();
    narrow.severity = Some(tollgate_core::Severity::Critical);
    let merged = check(vec![wide, narrow], &["bandit/B608 + sast/sqli"]);
    let result = &merged[0].finding;
    assert_eq!(result.rule.as_str(), "sqli");
    assert_eq!(result.message, "a much longer explanation");
    assert_eq!(result.source().unwrap().region, region(3, 5, 9));
    assert_eq!(result.severity, Some(tollgate_core::Severity::Critical));
    assert_eq!(result.cwes.len(), 2);
    assert_eq!(
        merged[0].merged_because,
        ["same weakness (SQL injection) on overlapping code or the same sink"]
    );
}

#[test]
fn the_same_sink_is_the_same_flaw() {
    let sink = SourceLocation::new(path("b.py"), region(20, 1, 9));
    let step = |kind, location: &SourceLocation| TraceStep {
        kind,
        location: location.clone(),
        message: String::new(),
    };
    let mut flow = code("codeql", "py/sql-injection", 89, "a.py", region(3, 1, 9));
    if let Subject::Code(own) = &mut flow.subject {
        let source = SourceLocation::new(path("a.py"), region(3, 1, 9));
        own.trace = Trace::new(vec![step(StepKind::Source, &source), step(StepKind::Sink, &sink)]);
    }
    check(
        vec![flow, code("sast", "sqli", 89, "b.py", region(20, 1, 9))],
        &["codeql/py/sql-injection + sast/sqli"],
    );
}

#[test]
fn packages_merge_by_common_ids() {
    let lock = "package-lock.json";
    let merged = check(
        vec![
            package("deps", "CVE-1-1", &["GHSA-a"], "left_pad", lock),
            package("npm audit", "GHSA-a", &["SNYK-1"], "left-pad", lock),
            package("snyk", "SNYK-1", &[], "left-pad", lock),
            package("snyk", "SNYK-1", &[], "right-pad", lock),
            package("snyk", "SNYK-1", &[], "left-pad", "other/package-lock.json"),
        ],
        &["snyk/SNYK-1", "deps/CVE-1-1 + npm audit/GHSA-a + snyk/SNYK-1", "snyk/SNYK-1"],
    );
    let joined = merged.iter().find(|one| one.sources.len() == 3).unwrap();
    let Subject::Package(package) = &joined.finding.subject else { panic!("a package") };
    assert_eq!(package.aliases.len(), 2);

    let mut as_code = code("trivy", "CVE-2020-28500", 0, lock, Region::line(9));
    as_code.message = "Package: lodash\nInstalled Version: 4.17.20".to_owned();
    let own = crate::testing::package("deps", "GHSA-29mw-wpgm-hmr9", &["CVE-2020-28500"], "lodash", lock);
    check(vec![as_code, own], &["deps/GHSA-29mw-wpgm-hmr9 + trivy/CVE-2020-28500"]);
}

#[test]
fn endpoints_merge_by_method_route_parameter_and_weakness() {
    let url = "http://localhost:5000/search?q=1";
    check(
        vec![
            endpoint("dast", "xss.reflected", 79, url, "q"),
            endpoint("zap", "40012", 79, "http://127.0.0.1:5000/search", "q"),
            endpoint("zap", "40012", 79, "http://127.0.0.1:5000/search", "page"),
            endpoint("zap", "40018", 89, url, "q"),
        ],
        &["dast/xss.reflected + zap/40012", "zap/40012", "zap/40018"],
    );
}

#[test]
fn a_suppression_needs_every_source() {
    let suppression = Suppression { kind: SuppressionKind::Inline, justification: Some("fine".to_owned()) };
    let mut own = code("sast", "sqli", 89, "a.py", region(3, 1, 9));
    own.suppressions.push(suppression.clone());
    let mut other = code("bandit", "B608", 89, "a.py", region(3, 1, 9));
    let merged = check(vec![own.clone(), other.clone()], &["bandit/B608 + sast/sqli"]);
    assert!(merged[0].counts());
    assert!(merged[0].merged_because[0].contains("set aside"));
    other.suppressions.push(suppression);
    let merged = check(vec![own, other], &["bandit/B608 + sast/sqli"]);
    assert!(!merged[0].counts());
}

#[test]
fn a_constant_fingerprint_merges_nothing_else() {
    let mut inputs = lift(vec![
        code("x", "r", 79, "a.py", region(1, 1, 2)),
        code("x", "r", 79, "b.py", region(1, 1, 2)),
        finding("x", "r", 79, Subject::Nowhere),
    ]);
    let constant = inputs[0].fingerprint.clone();
    for input in &mut inputs {
        input.fingerprint = constant.clone();
    }
    let merged = merge(vec![inputs], &[]);
    assert_eq!(merged.len(), 3);
    let prints: std::collections::BTreeSet<_> = merged.iter().map(|one| &one.fingerprint).collect();
    assert_eq!(prints.len(), 3);
}

#[test]
fn a_source_given_again_is_not_a_second_finding() {
    let own = code("sast", "sqli", 89, "a.py", region(3, 1, 9));
    let other = code("bandit", "B608", 89, "a.py", region(3, 1, 9));
    let whole = merge(vec![lift(vec![own, other.clone()])], &[]);
    let again = merge(vec![whole.clone(), lift(vec![other])], &[]);
    assert_eq!(shown(&again), ["bandit/B608 + sast/sqli"]);
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let tool = prop::sample::select(vec!["sast", "bandit", "codeql", "zap"]);
    let id = prop::sample::select(vec!["r1", "r2"]);
    let cwe = prop::sample::select(vec![79_u32, 80, 89, 564, 22, 0]);
    let kind = 0_u8..10;
    (tool, id, cwe, kind, 1_u32..12, 1_u32..4, 0_u32..6, 1_u32..6).prop_map(
        |(tool, id, cwe, kind, line, span, column, width)| match kind {
            0 => package(tool, if id == "r1" { "CVE-1-1" } else { "GHSA-1" }, &["CVE-1-1"], "p", "lock"),
            1 => endpoint(tool, id, cwe, "http://h/a", if span > 1 { "q" } else { "" }),
            2 => code(tool, id, cwe, "a.py", lines(line, line + span * 3)),
            3 => code(tool, id, cwe, "a.py", Region::line(line)),
            _ => code(tool, id, cwe, "a.py", region(line, column + 1, column + 1 + width)),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter(findings in prop::collection::vec(any_finding(), 0..24), seed in any::<u64>()) {
        let forward = merge(vec![lift(findings.clone())], &[]);
        let mut shuffled = findings;
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(forward, merge(vec![lift(shuffled)], &[]));
    }

    #[test]
    fn merging_again_changes_nothing(findings in prop::collection::vec(any_finding(), 0..24)) {
        let once = merge(vec![lift(findings)], &[]);
        let twice = merge(vec![once.clone()], &[]);
        prop_assert_eq!(&once, &twice);
        let doubled = merge(vec![once.clone(), once.clone()], &[]);
        prop_assert_eq!(once, doubled);
    }

    #[test]
    fn every_source_is_kept_and_tools_stay_apart(findings in prop::collection::vec(any_finding(), 0..24)) {
        let mut given: Vec<_> = findings.iter().map(|one| (one.scanner.to_string(), one.rule.clone())).collect();
        let merged = merge(vec![lift(findings)], &[]);
        let mut kept: Vec<_> =
            merged.iter().flat_map(|one| one.sources.iter().map(|s| (s.tool.clone(), s.rule.clone()))).collect();
        given.sort();
        given.dedup();
        kept.sort();
        kept.dedup();
        prop_assert_eq!(given, kept);
        for one in &merged {
            let mut tools: Vec<_> = one.sources.iter().map(|source| &source.tool).collect();
            let count = tools.len();
            tools.dedup();
            prop_assert_eq!(tools.len(), count);
        }
        let mut prints: Vec<_> = merged.iter().map(|one| &one.fingerprint).collect();
        prints.sort();
        prints.dedup();
        prop_assert_eq!(prints.len(), merged.len());
    }
}
