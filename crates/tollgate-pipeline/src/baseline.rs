//! What was there before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use tollgate_core::{BaselineState, MergedFinding, RepoPath, Report};

/// Findings of an earlier scan.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    pub(crate) entries: Vec<MergedFinding>,
}

/// Why a report cannot serve as a baseline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// The scan did not see everything.
    #[error("write a baseline from an incomplete scan: {0}")]
    Incomplete(String),
}

/// What the present scan looked at.
#[derive(Debug, Clone, Default)]
pub struct BaselineScope {
    /// With `--since`: the files that were scanned because they changed; `None`: all were.
    pub changed: Option<BTreeSet<RepoPath>>,
    /// Files that moved, from old to new path, where known.
    pub renames: BTreeMap<RepoPath, RepoPath>,
    /// Scanners and tools that ran to the end; `None`: all that the baseline knows.
    pub completed: Option<BTreeSet<String>>,
}
impl Baseline {
    /// Earlier findings.
    #[must_use]
    pub fn new(entries: Vec<MergedFinding>, recorded: Option<Date>) -> Self {
        let _ = recorded;
        Self { entries }
    }
    /// Refuses an incomplete report.
    ///
    /// # Errors
    /// When the scan was incomplete.
    pub fn check_complete(report: &Report) -> Result<(), BaselineError> {
        match report.verdict.gaps().first() {
            Some(gap) => Err(BaselineError::Incomplete(gap.reason.clone())),
            None => Ok(()),
        }
    }
}

/// States.
#[must_use]
pub fn compare(
    mut findings: Vec<MergedFinding>,
    baseline: &Baseline,
    _scope: &BaselineScope,
) -> Vec<MergedFinding> {
    for finding in &mut findings {
        let known = baseline.entries.iter().any(|entry| entry.fingerprint == finding.fingerprint);
        finding.baseline = Some(if known { BaselineState::Unchanged } else { BaselineState::New });
    }
    findings
}
