//! From findings to pass, fail or incomplete, with the reason for each finding.
//!
//! Every finding is decided by itself or by a count that only grows, so that more findings never turn
//! fail into pass. Completeness is decided by the scanners' summaries, whatever the findings are.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use tollgate_core::coverage::Skipped;
use tollgate_core::report::ScannerSummary;
use tollgate_core::verdict::Gap;
use tollgate_core::{
    BaselineState, DiagnosticLevel, Fingerprint, MergedFinding, Severity, Verdict, Violation,
};

pub use self::policy::{Action, GateRule, Matcher, Policy, PolicyError, compile_globs};

mod policy;

/// How the gate decided about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The finding.
    pub fingerprint: Fingerprint,
    /// What was decided.
    pub effect: Effect,
    /// The policy that decided, in the words of the configuration, with where it was set.
    pub by: Arc<str>,
}

/// What the gate makes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It breaks a threshold.
    Fails,
    /// A rule asks for a warning only.
    Warns,
    /// A rule asks to leave it out.
    Ignored,
    /// It is counted, and the count is still admitted.
    Tolerated,
    /// It is below every threshold.
    Below,
    /// It was in the baseline and only new findings count.
    Known,
    /// It is suppressed.
    Suppressed,
    /// It is in the baseline only.
    Absent,
}

impl Effect {
    /// The lower-case word for `--explain-gate`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Warns => "warns",
            Self::Ignored => "ignored",
            Self::Tolerated => "tolerated",
            Self::Below => "below",
            Self::Known => "known",
            Self::Suppressed => "suppressed",
            Self::Absent => "absent",
        }
    }
}

/// The verdict and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// One decision for each finding, in the order of the findings.
    pub decisions: Vec<Decision>,
}

/// What decides about a finding, before counts are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bucket {
    FailOn,
    Max(Severity),
    Rule(usize),
}

/// Judges findings by a policy. `gaps` are those no scanner's summary tells of; `today` is what ages are
/// counted against.
#[must_use]
pub fn judge(
    findings: &[MergedFinding],
    scanners: &[ScannerSummary],
    gaps: &[Gap],
    policy: &Policy,
    today: Date,
) -> Judgement {
    let mut decisions = Vec::with_capacity(findings.len());
    // A million findings are decided by a handful of policies.
    let mut words: FxHashMap<String, Arc<str>> = FxHashMap::default();
    let mut buckets: BTreeMap<Bucket, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let (effect, by, counted) = decide(finding, policy, today);
        for bucket in counted {
            buckets.entry(bucket).or_default().push(index);
        }
        let by = words.entry(by).or_insert_with_key(|words| words.as_str().into()).clone();
        decisions.push(Decision { fingerprint: finding.fingerprint.clone(), effect, by });
    }
    let mut violations = Vec::new();
    for (bucket, members) in &buckets {
        let limit = bucket_limit(*bucket, policy);
        if members.len() as u64 <= limit {
            continue;
        }
        let words = bucket_words(*bucket, policy);
        let by: Arc<str> = words.as_str().into();
        for index in members {
            let decision = &mut decisions[*index];
            if decision.effect != Effect::Fails {
                decision.effect = Effect::Fails;
                decision.by = Arc::clone(&by);
            }
        }
        let mut fingerprints: Vec<Fingerprint> =
            members.iter().map(|index| findings[*index].fingerprint.clone()).collect();
        fingerprints.sort();
        violations.push(Violation {
            message: bucket_message(*bucket, members.len(), policy),
            policy: words,
            findings: fingerprints,
        });
    }
    let mut all_gaps = scanner_gaps(scanners, policy);
    all_gaps.extend(gaps.iter().cloned());
    all_gaps.sort();
    all_gaps.dedup();
    Judgement { verdict: Verdict::of(violations, all_gaps), decisions }
}

fn decide(finding: &MergedFinding, policy: &Policy, today: Date) -> (Effect, String, Vec<Bucket>) {
    let none = Vec::new();
    if finding.baseline == Some(BaselineState::Absent) {
        return (Effect::Absent, "in the baseline only".to_owned(), none);
    }
    if let Some(suppression) = finding.suppressions.first() {
        let reason = suppression.justification.as_deref().unwrap_or("no reason given");
        let by = format!("{} suppression: {reason}", suppression_word(suppression.kind));
        return (Effect::Suppressed, by, none);
    }
    let known = matches!(finding.baseline, Some(BaselineState::Unchanged | BaselineState::Updated));
    if policy.new_only.value && known {
        let by = format!("gate.new-only = true ({})", policy.new_only.origin);
        return (Effect::Known, by, none);
    }
    let matched = policy.rules.iter().enumerate().find(|(_, rule)| rule.matches(finding, policy, today));
    if let Some((index, rule)) = matched {
        let words = rule.words(index);
        return match rule.action {
            Action::Fail { max: 0 } => (Effect::Fails, words, vec![Bucket::Rule(index)]),
            Action::Fail { .. } => (Effect::Tolerated, words, vec![Bucket::Rule(index)]),
            Action::Warn => (Effect::Warns, words, none),
            Action::Ignore => (Effect::Ignored, words, none),
        };
    }
    let severity = policy.severity_of(finding);
    let mut counted = Vec::new();
    let mut effect = Effect::Below;
    let mut by = below_words(severity, policy);
    if let Some(limit) = policy.max_bucket(severity) {
        counted.push(Bucket::Max(limit));
        effect = Effect::Tolerated;
        by = bucket_words(Bucket::Max(limit), policy);
    }
    if policy.fail_on.value.is_some_and(|threshold| severity >= threshold) {
        counted.push(Bucket::FailOn);
        effect = Effect::Fails;
        by = bucket_words(Bucket::FailOn, policy);
    }
    if finding.finding.severity.is_none() {
        by = format!(
            "{by}; unknown severity counts as {severity} (gate.unknown-severity, {})",
            policy.unknown_severity.origin
        );
    }
    (effect, by, counted)
}

const fn suppression_word(kind: tollgate_core::SuppressionKind) -> &'static str {
    match kind {
        tollgate_core::SuppressionKind::Inline => "inline",
        tollgate_core::SuppressionKind::Waiver => "waiver",
        tollgate_core::SuppressionKind::Vex => "VEX",
        tollgate_core::SuppressionKind::Imported => "imported",
    }
}

fn below_words(severity: Severity, policy: &Policy) -> String {
    match policy.fail_on.value {
        Some(threshold) => {
            format!("{severity} is below gate.fail-on = \"{threshold}\" ({})", policy.fail_on.origin)
        }
        None => format!("gate.fail-on = \"none\" ({})", policy.fail_on.origin),
    }
}

fn bucket_limit(bucket: Bucket, policy: &Policy) -> u64 {
    match bucket {
        Bucket::FailOn => 0,
        Bucket::Max(severity) => policy.max.get(&severity).map_or(u64::MAX, |limit| limit.value),
        Bucket::Rule(index) => match policy.rules[index].action {
            Action::Fail { max } => max,
            Action::Warn | Action::Ignore => u64::MAX,
        },
    }
}

fn bucket_words(bucket: Bucket, policy: &Policy) -> String {
    match bucket {
        Bucket::FailOn => {
            let threshold = policy.fail_on.value.map_or("none", Severity::as_str);
            format!("gate.fail-on = \"{threshold}\" ({})", policy.fail_on.origin)
        }
        Bucket::Max(severity) => match policy.max.get(&severity) {
            Some(limit) => format!("gate.max.{severity} = {} ({})", limit.value, limit.origin),
            None => format!("gate.max.{severity}"),
        },
        Bucket::Rule(index) => policy.rules[index].words(index),
    }
}

fn bucket_message(bucket: Bucket, count: usize, policy: &Policy) -> String {
    let findings = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    match bucket {
        Bucket::FailOn => {
            let threshold = policy.fail_on.value.map_or("none", Severity::as_str);
            format!("{findings} of severity {threshold} or worse")
        }
        Bucket::Max(severity) => {
            format!("{findings} of severity {severity}, {} admitted", bucket_limit(bucket, policy))
        }
        Bucket::Rule(index) => match bucket_limit(bucket, policy) {
            0 => format!("{findings} matched by gate rule {}", index + 1),
            limit => format!("{findings} matched by gate rule {}, {limit} admitted", index + 1),
        },
    }
}

/// What each scanner that must be complete left out.
fn scanner_gaps(scanners: &[ScannerSummary], policy: &Policy) -> Vec<Gap> {
    scanners
        .iter()
        .filter(|summary| !summary.complete && !policy.optional_scanners.contains(&summary.scanner))
        .map(|summary| Gap { scanner: Some(summary.scanner.clone()), reason: gap_reason(summary) })
        .collect()
}

fn gap_reason(summary: &ScannerSummary) -> String {
    let mut errors =
        summary.diagnostics.iter().filter(|diagnostic| diagnostic.level == DiagnosticLevel::Error).map(
            |diagnostic| match &diagnostic.path {
                Some(path) => format!("{path}: {}", diagnostic.message),
                None => diagnostic.message.clone(),
            },
        );
    let skipped = |skip: &&Skipped| skip.reason.leaves_gap();
    let mut left_out = summary.coverage.skipped.iter().filter(skipped);
    let (first, more) = match errors.next() {
        Some(first) => (first, errors.count() + left_out.count()),
        None => match left_out.next() {
            Some(skip) => (format!("{}: {}", skip.path, skip.reason.as_str()), left_out.count()),
            None => ("did not finish".to_owned(), 0),
        },
    };
    if more == 0 { first } else { format!("{first} (and {more} more)") }
}

#[cfg(test)]
mod tests;
