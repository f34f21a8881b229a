use super::*;
use crate::testing::lift;
use crate::testing::{code, package, region};

const TODAY: Date = Date::constant(2026, 6, 15);

fn waiver(change: impl FnOnce(&mut RawWaiver)) -> RawWaiver {
    let mut waiver = RawWaiver {
        rule: Some("python.*".to_owned()),
        reason: Some("accepted".to_owned()),
        expires: Some("2027-01-01".to_owned()),
        ..RawWaiver::default()
    };
    change(&mut waiver);
    waiver
}

/// Applies one waiver to a code and a package finding: how many it covers, and what is said of it.
fn check(waiver: RawWaiver, covered: usize, said: &str) {
    let mut findings = lift(vec![
        code("sast", "python.sqli", 89, "src/a.py", region(1, 1, 9)),
        package("deps", "CVE-1-1", &["GHSA-1"], "p", "package-lock.json"),
    ]);
    let waivers = [waiver];
    let cx = Suppressing { waivers: &waivers, require_reason: false, report_unused: true, today: TODAY };
    let diagnostics = suppress(&mut findings, &cx);
    assert_eq!(findings.iter().filter(|finding| !finding.counts()).count(), covered);
    let messages: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert!(if said.is_empty() { messages.is_empty() } else { messages[0].contains(said) }, "{messages:?}");
}

#[test]
fn waivers_cover_what_they_name() {
    check(waiver(|_| {}), 1, "");
    check(waiver(|w| w.path = Some("src/".to_owned())), 1, "");
    check(waiver(|w| w.path = Some("test/**".to_owned())), 0, "matches no finding");
    let only = |change: fn(&mut RawWaiver)| {
        waiver(|w| {
            w.rule = None;
            change(w);
        })
    };
    check(only(|w| w.advisory = Some("ghsa-1".to_owned())), 1, "");
    check(only(|w| w.advisory = Some("CVE-1-1".to_owned())), 1, "");
    check(only(|w| w.fingerprint = Some("0".repeat(32))), 0, "matches no finding");
}

#[test]
fn malformed_and_expired_waivers_count_as_absent() {
    check(waiver(|w| w.reason = Some("  ".to_owned())), 0, "gives no reason");
    check(waiver(|w| w.expires = None), 0, "has no expiry date");
    check(waiver(|w| w.expires = Some("soon".to_owned())), 0, "is not a date");
    check(waiver(|w| w.expires = Some("2026-06-14".to_owned())), 0, "expired on 2026-06-14");
    check(waiver(|w| w.rule = None), 0, "names no rule");
    check(waiver(|w| w.rule = Some("[".to_owned())), 0, "read the pattern");
    check(waiver(|w| w.fingerprint = Some("x".to_owned())), 0, "is not a fingerprint");
    check(waiver(|w| w.expires = Some("2026-06-15".to_owned())), 1, "expires on 2026-06-15");
    check(waiver(|w| w.expires = Some("2026-07-15".to_owned())), 1, "expires on 2026-07-15");
    check(waiver(|w| w.expires = Some("2026-07-16".to_owned())), 1, "");
}

#[test]
fn reasons_can_be_required() {
    let inline = Suppression { kind: SuppressionKind::Inline, justification: None };
    let mut silent = code("sast", "r", 89, "a.py", region(1, 1, 9));
    silent.suppressions.push(inline);
    let mut findings = lift(vec![silent]);
    let mut cx = Suppressing { waivers: &[], require_reason: false, report_unused: true, today: TODAY };
    let before = findings.clone();
    assert!(suppress(&mut findings, &cx).is_empty());
    assert!(findings.iter().all(|finding| !finding.counts()));
    findings = before;
    cx.require_reason = true;
    let diagnostics = suppress(&mut findings, &cx);
    assert_eq!(diagnostics[0].message, "an inline suppression without a reason does not count");
    assert!(findings[0].counts());
}
