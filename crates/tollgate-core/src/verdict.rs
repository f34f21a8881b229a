//! Pass, fail or incomplete.

use std::fmt;

use crate::fingerprint::Fingerprint;
use crate::scanner::ScannerId;

/// The answer of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was looked at and no threshold is broken.
    Pass,
    /// A threshold is broken. `violations` is not empty; `gaps` says what was not looked at besides.
    Fail {
        /// Broken thresholds.
        violations: Vec<Violation>,
        /// What was not looked at.
        gaps: Vec<Gap>,
    },
    /// No threshold is broken by what was seen, but not everything was seen. `gaps` is not empty.
    Incomplete {
        /// What was not looked at.
        gaps: Vec<Gap>,
    },
}

impl Verdict {
    /// The verdict that follows from broken thresholds and gaps.
    #[must_use]
    pub fn of(violations: Vec<Violation>, gaps: Vec<Gap>) -> Self {
        match (violations.is_empty(), gaps.is_empty()) {
            (false, _) => Self::Fail { violations, gaps },
            (true, false) => Self::Incomplete { gaps },
            (true, true) => Self::Pass,
        }
    }

    /// What was not looked at.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        match self {
            Self::Pass => &[],
            Self::Fail { gaps, .. } | Self::Incomplete { gaps } => gaps,
        }
    }

    /// Broken thresholds.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Fail { violations, .. } => violations,
            Self::Pass | Self::Incomplete { .. } => &[],
        }
    }

    /// `pass`, `fail` or `incomplete`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Incomplete { .. } => "incomplete",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A broken threshold and the findings that break it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The threshold, in the words of the configuration: `fail-on = "high"`, `max.medium = 20`.
    pub policy: String,
    /// One sentence for the report, without a full stop.
    pub message: String,
    /// Findings that break it, sorted.
    pub findings: Vec<Fingerprint>,
}

/// Something that should have been looked at and was not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The scanner concerned; `None` for the scan as a whole.
    pub scanner: Option<ScannerId>,
    /// One sentence for the report, without a full stop.
    pub reason: String,
}
