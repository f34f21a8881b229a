//! Marking findings that someone decided not to count. Nothing is removed.

use std::collections::BTreeSet;

use globset::GlobSet;
use jiff::civil::Date;
use tollgate_core::{
    Diagnostic, DiagnosticLevel, Fingerprint, MergedFinding, Origin, RuleId, Subject, Suppression,
    SuppressionKind,
};

use crate::gate::compile_globs;

/// Days before its end from which a waiver is announced.
const NOTICE_DAYS: i32 = 30;

/// A `[[waiver]]` as written. What is wrong in it makes it count as absent.
#[derive(Debug, Clone, Default)]
pub struct RawWaiver {
    /// Pattern of rule ids.
    pub rule: Option<String>,
    /// A finding's fingerprint.
    pub fingerprint: Option<String>,
    /// An advisory's id or alias.
    pub advisory: Option<String>,
    /// Pattern of paths.
    pub path: Option<String>,
    /// Why; required.
    pub reason: Option<String>,
    /// Last day it holds, `YYYY-MM-DD`; required.
    pub expires: Option<String>,
    /// Who agreed.
    pub approved_by: Option<String>,
    /// Where it stands.
    pub origin: Option<Origin>,
}

/// What decides about suppressions.
#[derive(Debug, Clone, Copy)]
pub struct Suppressing<'a> {
    /// Waivers as written.
    pub waivers: &'a [RawWaiver],
    /// Whether an inline suppression without a reason counts as absent.
    pub require_reason: bool,
    /// Whether unused waivers are reported: not after a scan that saw only a part.
    pub report_unused: bool,
    /// The day expiry is counted against.
    pub today: Date,
}

/// Marks findings and says what is wrong with waivers.
pub fn suppress(findings: &mut [MergedFinding], cx: &Suppressing<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if cx.require_reason {
        drop_unreasoned(findings, &mut diagnostics);
    }
    for (index, raw) in cx.waivers.iter().enumerate() {
        let name = waiver_name(index, raw);
        match Waiver::compile(raw, cx.today) {
            Ok(waiver) => {
                if waiver.last_day_in(cx.today) <= NOTICE_DAYS {
                    let message = format!("{name} expires on {}", waiver.expires);
                    diagnostics.push(
                        Diagnostic::new(DiagnosticLevel::Note, message)
                            .hint("repair the flaw or renew the waiver"),
                    );
                }
                let used = waiver.apply(findings);
                if !used && cx.report_unused {
                    let message = format!("{name} matches no finding");
                    diagnostics.push(Diagnostic::new(DiagnosticLevel::Warning, message).hint("remove it"));
                }
            }
            Err(fault) => {
                let message = format!("{name} does not count: {fault}");
                diagnostics.push(Diagnostic::new(DiagnosticLevel::Warning, message).hint(fault.hint()));
            }
        }
    }
    for finding in findings.iter_mut() {
        finding.suppressions.sort();
        finding.suppressions.dedup();
    }
    diagnostics
}

/// Why a waiver counts as absent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaiverFault {
    /// No reason, or a blank one.
    #[error("it gives no reason")]
    NoReason,
    /// No last day.
    #[error("it has no expiry date")]
    NoExpiry,
    /// The last day is no date.
    #[error("`{0}` is not a date such as 2026-12-31")]
    BadDate(String),
    /// The last day is over.
    #[error("it expired on {0}")]
    Expired(Date),
    /// It names nothing.
    #[error("it names no rule, fingerprint or advisory")]
    NoTarget,
    /// A pattern, fingerprint or id is malformed.
    #[error("{0}")]
    BadTarget(String),
}

impl WaiverFault {
    const fn hint(&self) -> &'static str {
        match self {
            Self::NoReason => "add `reason`",
            Self::NoExpiry | Self::BadDate(_) => "add `expires = \"YYYY-MM-DD\"`",
            Self::Expired(_) => "repair the flaw or renew the waiver",
            Self::NoTarget => "add `rule`, `fingerprint` or `advisory`",
            Self::BadTarget(_) => "correct the pattern or id",
        }
    }
}

struct Waiver {
    rule: Option<GlobSet>,
    fingerprint: Option<Fingerprint>,
    advisory: Option<RuleId>,
    path: Option<GlobSet>,
    expires: Date,
    justification: String,
}

impl Waiver {
    fn compile(raw: &RawWaiver, today: Date) -> Result<Self, WaiverFault> {
        let reason = raw.reason.as_deref().map(str::trim).unwrap_or_default();
        if reason.is_empty() {
            return Err(WaiverFault::NoReason);
        }
        let expires = raw.expires.as_deref().ok_or(WaiverFault::NoExpiry)?.trim();
        let expires: Date = expires.parse().map_err(|_| WaiverFault::BadDate(expires.to_owned()))?;
        if expires < today {
            return Err(WaiverFault::Expired(expires));
        }
        let globs = |pattern: &Option<String>| {
            pattern
                .as_ref()
                .map(|pattern| compile_globs(std::slice::from_ref(pattern)))
                .transpose()
                .map_err(|error| WaiverFault::BadTarget(error.to_string()))
        };
        let fingerprint = raw.fingerprint.as_deref().map(Fingerprint::parse).transpose();
        let advisory = raw.advisory.as_deref().map(RuleId::parse).transpose();
        let waiver = Self {
            rule: globs(&raw.rule)?,
            fingerprint: fingerprint.map_err(|error| WaiverFault::BadTarget(error.to_string()))?,
            advisory: advisory.map_err(|error| WaiverFault::BadTarget(error.to_string()))?,
            path: globs(&raw.path)?,
            expires,
            justification: match &raw.approved_by {
                Some(name) => format!("{reason} (approved by {name}, until {expires})"),
                None => format!("{reason} (until {expires})"),
            },
        };
        if waiver.rule.is_none() && waiver.fingerprint.is_none() && waiver.advisory.is_none() {
            return Err(WaiverFault::NoTarget);
        }
        Ok(waiver)
    }

    fn last_day_in(&self, today: Date) -> i32 {
        today.until(self.expires).map_or(i32::MAX, |span| span.get_days())
    }

    fn apply(&self, findings: &mut [MergedFinding]) -> bool {
        let mut used = false;
        for finding in findings.iter_mut().filter(|finding| self.covers(finding)) {
            used = true;
            finding.suppressions.push(Suppression {
                kind: SuppressionKind::Waiver,
                justification: Some(self.justification.clone()),
            });
        }
        used
    }

    fn covers(&self, merged: &MergedFinding) -> bool {
        let path = merged.finding.source().map(|source| source.path.as_str());
        self.fingerprint.as_ref().is_none_or(|own| *own == merged.fingerprint)
            && self.rule.as_ref().is_none_or(|globs| globs.is_match(merged.finding.rule.as_str()))
            && self.advisory.as_ref().is_none_or(|id| names_advisory(merged, id))
            && self.path.as_ref().is_none_or(|globs| path.is_some_and(|path| globs.is_match(path)))
    }
}

fn names_advisory(merged: &MergedFinding, id: &RuleId) -> bool {
    let same = |other: &RuleId| other.as_str().eq_ignore_ascii_case(id.as_str());
    let alias = match &merged.finding.subject {
        Subject::Package(package) => package.aliases.iter().any(same),
        _ => false,
    };
    alias || same(&merged.finding.rule)
}

fn drop_unreasoned(findings: &mut [MergedFinding], diagnostics: &mut Vec<Diagnostic>) {
    let mut places = BTreeSet::new();
    for finding in findings {
        let before = finding.suppressions.len();
        finding.suppressions.retain(|suppression| {
            let reason = suppression.justification.as_deref().map(str::trim).unwrap_or_default();
            suppression.kind != SuppressionKind::Inline || !reason.is_empty()
        });
        if finding.suppressions.len() < before
            && let Some(source) = finding.finding.source()
        {
            places.insert((source.path.clone(), source.region.start().line));
        }
    }
    diagnostics.extend(places.into_iter().map(|(path, line)| {
        Diagnostic::new(DiagnosticLevel::Warning, "an inline suppression without a reason does not count")
            .hint("add a reason after the rule id")
            .at(path, Some(line))
    }));
}

fn waiver_name(index: usize, raw: &RawWaiver) -> String {
    let target = raw.rule.as_ref().or(raw.fingerprint.as_ref()).or(raw.advisory.as_ref());
    let target = target.map_or(String::new(), |target| format!(" for `{target}`"));
    let origin = raw.origin.as_ref().map_or(String::new(), |origin| format!(" ({origin})"));
    format!("waiver {}{target}{origin}", index + 1)
}

#[cfg(test)]
mod tests;
