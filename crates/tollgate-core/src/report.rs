//! The merged, judged result that every writer shows.

use std::time::Duration;

use crate::coverage::Coverage;
use crate::facts::{Package, Route};
use crate::finding::{Finding, Suppression};
use crate::fingerprint::Fingerprint;
use crate::outcome::{Diagnostic, ToolInfo};
use crate::rule::{RuleId, RuleMeta};
use crate::scanner::ScannerId;
use crate::severity::Severity;
use crate::verdict::Verdict;

/// A finding after merging, with everyone who saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFinding {
    /// The finding with the most precise location and the richest message.
    pub finding: Finding,
    /// Its identity over time.
    pub fingerprint: Fingerprint,
    /// Everyone who reported it, this finding's own scanner included, sorted. At least one.
    pub sources: Vec<Source>,
    /// Findings of other kinds that are the same flaw: for a static finding the dynamic proof, for a
    /// dynamic finding the code behind it.
    pub confirmed_by: Vec<Finding>,
    /// How the merge was decided, where more than one source was merged.
    pub merged_because: Vec<String>,
    /// State against the baseline; `None` without a baseline.
    pub baseline: Option<BaselineState>,
    /// When it was first seen, as `YYYY-MM-DD`, where a baseline knows.
    pub first_seen: Option<String>,
    /// Why it does not count, from all origins. Empty: it counts.
    pub suppressions: Vec<Suppression>,
    /// What to look at first, 0.0 to 100.0 (SARIF `rank`), in tenths.
    pub rank: u16,
}

impl MergedFinding {
    /// Whether the gate must look at it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.suppressions.is_empty() && self.baseline != Some(BaselineState::Absent)
    }
}

/// One report of a flaw by one scanner or tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Scanner of Tollgate or name of the tool.
    pub tool: String,
    /// Rule of that tool.
    pub rule: RuleId,
    /// What it claims.
    pub severity: Option<Severity>,
    /// What it says.
    pub message: String,
}

/// How a finding stands against the baseline (SARIF `baselineState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaselineState {
    /// Not in the baseline.
    New,
    /// In the baseline, the same.
    Unchanged,
    /// In the baseline, but moved or altered.
    Updated,
    /// In the baseline only.
    Absent,
}

impl BaselineState {
    /// The SARIF word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Absent => "absent",
        }
    }
}

/// What one scanner did, without its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerSummary {
    /// Who.
    pub scanner: ScannerId,
    /// The tool behind it, where that is not Tollgate itself.
    pub tool: Option<ToolInfo>,
    /// Rules it brought.
    pub rules: Vec<RuleMeta>,
    /// What it looked at.
    pub coverage: Coverage,
    /// What went wrong or is worth knowing.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it looked at all it was asked to.
    pub complete: bool,
    /// Wall-clock time.
    pub elapsed: Duration,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Absolute path of the scanned tree, as a directory; `None` for merged foreign reports.
    pub root: Option<String>,
    /// Findings, sorted: worst severity first, then path, line and rule.
    pub findings: Vec<MergedFinding>,
    /// What each scanner did, in a fixed order.
    pub scanners: Vec<ScannerSummary>,
    /// Packages the project depends on, for bills of materials.
    pub packages: Vec<Package>,
    /// HTTP routes the sources declare, so that a later merge can join static and dynamic results.
    pub routes: Vec<Route>,
    /// Messages about the scan as a whole: unused waivers, loosened policy, stale data.
    pub diagnostics: Vec<Diagnostic>,
    /// The answer.
    pub verdict: Verdict,
    /// What only `invocations` may show.
    pub invocation: Invocation,
}

/// The facts of one run that differ between two runs on the same input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invocation {
    /// The command line, secrets removed; empty where unknown.
    pub command_line: String,
    /// Start, RFC 3339 in UTC.
    pub started: Option<String>,
    /// End, RFC 3339 in UTC.
    pub ended: Option<String>,
    /// Exit code the process ends with.
    pub exit_code: u8,
    /// Digest of the plan, so that shards of one plan can be told from others.
    pub plan_digest: Option<String>,
    /// Shard `(index, count)`, index from 1.
    pub shard: Option<(u32, u32)>,
    /// Revision of the scanned repository, where it is one: `(commit, branch, remote URL)`.
    pub revision: Option<Revision>,
}

/// Where the scanned tree stands in version control.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revision {
    /// Commit id.
    pub commit: Option<String>,
    /// Branch name.
    pub branch: Option<String>,
    /// URL of the remote, credentials removed.
    pub remote: Option<String>,
}
