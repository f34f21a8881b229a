//! A flaw as one scanner reports it.

use crate::cwe::Cwe;
use crate::dependency::PackageFinding;
use crate::dynamic::EndpointFinding;
use crate::location::{Region, SourceLocation, Trace};
use crate::path::RepoPath;
use crate::rule::{Confidence, RuleId};
use crate::scanner::ScannerId;
use crate::severity::{Score, Severity};

/// One flaw, as one scanner claims it, before merging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Who claims it.
    pub scanner: ScannerId,
    /// By which rule, check or advisory.
    pub rule: RuleId,
    /// What is wrong, in plain text with `code` spans; first sentence stands alone.
    pub message: String,
    /// How bad, `None` where nobody scored it.
    pub severity: Option<Severity>,
    /// CVSS base score, where one is known.
    pub score: Option<Score>,
    /// How sure.
    pub confidence: Confidence,
    /// Weaknesses, sorted.
    pub cwes: Vec<Cwe>,
    /// What is flawed: code, a package or an endpoint.
    pub subject: Subject,
    /// Further places that help to understand it.
    pub related: Vec<Related>,
    /// Ways to repair it.
    pub fixes: Vec<Fix>,
    /// Suppressions the scanner itself saw (inline comments, another tool's).
    pub suppressions: Vec<Suppression>,
}

impl Finding {
    /// The place in the scanned tree that a code host should show for it, if any.
    #[must_use]
    pub const fn source(&self) -> Option<&SourceLocation> {
        match &self.subject {
            Subject::Code(code) => Some(&code.location),
            Subject::Package(package) => Some(&package.location),
            Subject::Endpoint(endpoint) => endpoint.source.as_ref(),
            Subject::Nowhere => None,
        }
    }

    /// As [`Finding::source`], to be filled in.
    pub const fn source_mut(&mut self) -> Option<&mut SourceLocation> {
        match &mut self.subject {
            Subject::Code(code) => Some(&mut code.location),
            Subject::Package(package) => Some(&mut package.location),
            Subject::Endpoint(endpoint) => endpoint.source.as_mut(),
            Subject::Nowhere => None,
        }
    }

    /// The data flow behind it, if one is known.
    #[must_use]
    pub const fn trace(&self) -> Option<&Trace> {
        match &self.subject {
            Subject::Code(code) => code.trace.as_ref(),
            _ => None,
        }
    }
}

/// What is flawed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A stretch of the project's own text.
    Code(Box<CodeFinding>),
    /// A third-party package.
    Package(Box<PackageFinding>),
    /// A running endpoint.
    Endpoint(Box<EndpointFinding>),
    /// A result of another tool that names no place.
    Nowhere,
}

/// The parts of a finding that only flawed code has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFinding {
    /// Where.
    pub location: SourceLocation,
    /// The enclosing definitions, outermost first, for example `["class Shop", "def pay"]`.
    pub scope: Vec<String>,
    /// What tells this flaw from others in the same scope: the flawed text with white space folded, or a
    /// keyed hash where the text is a secret.
    pub identity: String,
    /// The data flow from source to sink, for taint findings.
    pub trace: Option<Trace>,
    /// The secret values inside the region that no output may show, as byte ranges of the file.
    pub sensitive: Vec<(u32, u32)>,
}

/// A further place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Related {
    /// Where.
    pub location: SourceLocation,
    /// What is there.
    pub message: String,
}

/// A way to repair a finding: all its edits together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fix {
    /// What the fix does.
    pub description: String,
    /// Changes to make, not overlapping.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The file to change.
    pub path: RepoPath,
    /// What to replace; its byte offsets are known.
    pub region: Region,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Why a finding does not count against the gate. It is still reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Suppression {
    /// Who decided.
    pub kind: SuppressionKind,
    /// The reason given, if any.
    pub justification: Option<String>,
}

/// Where a suppression was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressionKind {
    /// A comment in the source.
    Inline,
    /// A `[[waiver]]` in the configuration.
    Waiver,
    /// A VEX statement.
    Vex,
    /// Carried by an imported report.
    Imported,
}
