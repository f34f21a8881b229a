//! What the gate demands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::civil::Date;
use tollgate_core::{Confidence, Cwe, MergedFinding, Origin, ScannerId, Severity, Sourced, Subject};

/// Thresholds and rules.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The severity from which a single finding fails the gate; `None`: none does.
    pub fail_on: Sourced<Option<Severity>>,
    /// How many findings of a severity are admitted. A finding counts against the highest severity named
    /// here that is not above its own, so that `max = { high = 0 }` admits no critical one either.
    pub max: BTreeMap<Severity, Sourced<u64>>,
    /// Whether findings that the baseline knows are left out.
    pub new_only: Sourced<bool>,
    /// What a finding without severity counts as.
    pub unknown_severity: Sourced<Severity>,
    /// Scanners that may be incomplete.
    pub optional_scanners: BTreeSet<ScannerId>,
    /// Rules; the first that matches a finding decides about it, before all thresholds.
    pub rules: Vec<GateRule>,
}

impl Default for Policy {
    /// Fails on high, nothing else set.
    fn default() -> Self {
        Self {
            fail_on: Sourced::default_value(Some(Severity::High)),
            max: BTreeMap::new(),
            new_only: Sourced::default_value(false),
            unknown_severity: Sourced::default_value(Severity::High),
            optional_scanners: BTreeSet::new(),
            rules: Vec::new(),
        }
    }
}

impl Policy {
    /// The severity a finding counts with.
    #[must_use]
    pub fn severity_of(&self, finding: &MergedFinding) -> Severity {
        finding.finding.severity.unwrap_or(self.unknown_severity.value)
    }

    pub(super) fn max_bucket(&self, severity: Severity) -> Option<Severity> {
        self.max.range(..=severity).next_back().map(|(bucket, _)| *bucket)
    }
}

/// One `[[gate.rule]]`.
#[derive(Debug, Clone)]
pub struct GateRule {
    /// Which findings.
    pub matcher: Matcher,
    /// What to do about them.
    pub action: Action,
    /// Where the rule stands.
    pub origin: Origin,
}

/// What a gate rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The gate fails when more than `max` findings match.
    Fail {
        /// How many are admitted.
        max: u64,
    },
    /// Matching findings are shown and do not count.
    Warn,
    /// Matching findings do not count.
    Ignore,
}

/// Conditions of a gate rule; all that are set must hold. A matcher without conditions matches all.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    /// One of these weaknesses; empty: any.
    pub cwes: Vec<Cwe>,
    /// The rule id matches one of these patterns.
    pub rule: Option<GlobSet>,
    /// The path matches one of these patterns.
    pub path: Option<GlobSet>,
    /// Reported by one of these scanners or tools; empty: any.
    pub scanners: Vec<ScannerId>,
    /// The package name matches one of these patterns.
    pub package: Option<GlobSet>,
    /// Whether the package is known to be used. Where nobody can tell, a `fail` rule takes it as used
    /// and the other actions do not match.
    pub reachable: Option<bool>,
    /// Whether there is a fix.
    pub fixable: Option<bool>,
    /// Whether the flaw was proved.
    pub confirmed: Option<bool>,
    /// First seen at least so many days ago; never true where nobody knows.
    pub age_days: Option<u32>,
    /// EPSS at least this, in millionths.
    pub epss_at_least: Option<u32>,
    /// Whether CISA lists it as known to be exploited.
    pub kev: Option<bool>,
    /// One of these severities; empty: any.
    pub severities: Vec<Severity>,
    /// The conditions as written, for explanations.
    pub text: String,
}

impl GateRule {
    pub(super) fn words(&self, index: usize) -> String {
        format!("gate.rule {} {{ {} }} → {} ({})", index + 1, self.matcher.text, self.action, self.origin)
    }

    /// Whether the rule applies to a finding. Rules that loosen the gate (`warn`, `ignore`) must fit every
    /// source of a merged finding, rules that fail it only one: what a second tool adds never loosens.
    pub(super) fn matches(&self, finding: &MergedFinding, policy: &Policy, today: Date) -> bool {
        let matcher = &self.matcher;
        let strict = matches!(self.action, Action::Fail { .. });
        let package = match &finding.finding.subject {
            Subject::Package(package) => Some(package),
            _ => None,
        };
        let any_or_all = |mut test: Box<dyn FnMut(&tollgate_core::Source) -> bool + '_>| {
            if strict { finding.sources.iter().any(&mut test) } else { finding.sources.iter().all(&mut test) }
        };
        let conditions: [bool; 12] = [
            matcher.cwes.is_empty() || finding.finding.cwes.iter().any(|cwe| matcher.cwes.contains(cwe)),
            matcher.rule.as_ref().is_none_or(|globs| {
                let id = finding.finding.rule.as_str();
                if strict && globs.is_match(id) {
                    return true;
                }
                any_or_all(Box::new(|source| globs.is_match(source.rule.as_str())))
            }),
            matcher.path.as_ref().is_none_or(|globs| {
                finding.finding.source().is_some_and(|source| globs.is_match(source.path.as_str()))
            }),
            matcher.scanners.is_empty()
                || any_or_all(Box::new(|source| {
                    matcher.scanners.iter().any(|scanner| scanner.as_str().eq_ignore_ascii_case(&source.tool))
                })),
            matcher
                .package
                .as_ref()
                .is_none_or(|globs| package.is_some_and(|package| globs.is_match(&package.package))),
            matcher.reachable.is_none_or(|wanted| {
                package.is_some_and(|package| {
                    package.reachability.as_bool().map_or(strict && wanted, |reachable| reachable == wanted)
                })
            }),
            matcher.fixable.is_none_or(|wanted| is_fixable(finding) == wanted),
            matcher.confirmed.is_none_or(|wanted| is_confirmed(finding) == wanted),
            matcher.age_days.is_none_or(|days| age(finding, today).is_some_and(|age| age >= i64::from(days))),
            matcher
                .epss_at_least
                .is_none_or(|least| package.and_then(|p| p.epss_ppm).is_some_and(|epss| epss >= least)),
            matcher.kev.is_none_or(|wanted| package.is_some_and(|package| package.kev) == wanted),
            matcher.severities.is_empty() || matcher.severities.contains(&policy.severity_of(finding)),
        ];
        conditions.into_iter().all(|holds| holds)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fail { max: 0 } => f.write_str("fail"),
            Self::Fail { max } => write!(f, "fail above {max}"),
            Self::Warn => f.write_str("warn"),
            Self::Ignore => f.write_str("ignore"),
        }
    }
}

fn is_fixable(finding: &MergedFinding) -> bool {
    match &finding.finding.subject {
        Subject::Package(package) => !package.fixed_versions.is_empty() || package.upgrade.is_some(),
        _ => !finding.finding.fixes.is_empty(),
    }
}

fn is_confirmed(finding: &MergedFinding) -> bool {
    finding.finding.confidence == Confidence::Confirmed || !finding.confirmed_by.is_empty()
}

fn age(finding: &MergedFinding, today: Date) -> Option<i64> {
    let first: Date = finding.first_seen.as_deref()?.parse().ok()?;
    Some(i64::from(first.until(today).ok()?.get_days()))
}

/// A pattern of a gate rule or waiver that is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read the pattern `{pattern}`: {reason}")]
pub struct PolicyError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Patterns compiled to one set. `*` stops at `/`, `**` does not; a pattern for a folder takes in what
/// lies below it.
///
/// # Errors
/// When one is no pattern.
pub fn compile_globs(patterns: &[impl AsRef<str>]) -> Result<GlobSet, PolicyError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.as_ref();
        let fault = |error: globset::Error| PolicyError {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        };
        let written = pattern.strip_prefix("./").unwrap_or(pattern);
        let folder = written.strip_suffix('/').unwrap_or(written);
        for text in [folder.to_owned(), format!("{folder}/**")] {
            let glob = GlobBuilder::new(&text).literal_separator(true).build().map_err(fault)?;
            set.add(glob);
        }
    }
    set.build().map_err(|error| PolicyError { pattern: String::new(), reason: error.kind().to_string() })
}
