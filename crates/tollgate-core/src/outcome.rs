//! What a scanner hands back.

use std::time::Duration;

use crate::coverage::Coverage;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::path::RepoPath;
use crate::rule::{RuleId, RuleMeta};
use crate::scanner::ScannerId;

/// Everything one scanner hands back. A scanner that failed hands back what it had, with a diagnostic
/// that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerOutcome {
    /// Who.
    pub scanner: ScannerId,
    /// Name and version of the tool behind it, where that is not Tollgate itself.
    pub tool: Option<ToolInfo>,
    /// Flaws.
    pub findings: Vec<Finding>,
    /// The rules that could have fired and are worth naming: at least those that did.
    pub rules: Vec<RuleMeta>,
    /// What went wrong or is worth knowing.
    pub diagnostics: Vec<Diagnostic>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What was learned for others.
    pub facts: Facts,
    /// Wall-clock time.
    pub elapsed: Duration,
}

impl ScannerOutcome {
    /// An outcome with nothing in it.
    #[must_use]
    pub fn empty(scanner: ScannerId) -> Self {
        Self {
            scanner,
            tool: None,
            findings: Vec::new(),
            rules: Vec::new(),
            diagnostics: Vec::new(),
            coverage: Coverage::default(),
            facts: Facts::default(),
            elapsed: Duration::ZERO,
        }
    }

    /// Whether the scanner looked at all it was asked to. An error diagnostic or a file skipped with a
    /// gap says no.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.level < DiagnosticLevel::Error)
            && !self.coverage.skipped.iter().any(|skipped| skipped.reason.leaves_gap())
    }
}

/// A tool other than Tollgate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolInfo {
    /// Name as the tool gives it.
    pub name: String,
    /// Version, where known.
    pub version: Option<String>,
    /// Home page, where known.
    pub url: Option<String>,
}

/// A message about the scan itself, not about a flaw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// How grave. An error means: not all was looked at.
    pub level: DiagnosticLevel,
    /// What happened: a lower-case fragment without a full stop that names the file, rule or image.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The file concerned.
    pub path: Option<RepoPath>,
    /// The line concerned, from 1.
    pub line: Option<u32>,
    /// The rule concerned.
    pub rule: Option<RuleId>,
}

impl Diagnostic {
    /// A diagnostic that names no file yet.
    #[must_use]
    pub fn new(level: DiagnosticLevel, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), hint: None, path: None, line: None, rule: None }
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the file.
    #[must_use]
    pub fn at(mut self, path: RepoPath, line: Option<u32>) -> Self {
        self.path = Some(path);
        self.line = line;
        self
    }

    /// Names the rule.
    #[must_use]
    pub fn rule(mut self, rule: RuleId) -> Self {
        self.rule = Some(rule);
        self
    }
}

/// How grave a diagnostic is (SARIF notification level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticLevel {
    /// Worth knowing.
    Note,
    /// Something was not as it should be; the scan is complete all the same.
    Warning,
    /// Something was not looked at: the scan is incomplete.
    Error,
}
