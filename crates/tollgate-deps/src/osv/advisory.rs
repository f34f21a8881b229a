//! A record that was understood, cut down to one ecosystem.

use tollgate_core::{Cwe, RuleId, Score, Severity};

use super::span::Span;
use crate::version::VersionKey;

/// How bad a flaw is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating {
    /// The band.
    pub severity: Severity,
    /// The CVSS base score behind it, where there is one.
    pub score: Option<Score>,
}

/// Why an advisory is a notice rather than a vulnerability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Informational {
    /// Nobody maintains the package.
    Unmaintained,
    /// An interface can break memory safety when misused.
    Unsound,
    /// Anything else worth knowing.
    Notice,
}

impl Informational {
    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unmaintained => "unmaintained",
            Self::Unsound => "unsound",
            Self::Notice => "notice",
        }
    }
}

/// One advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advisory {
    pub(crate) id: RuleId,
    pub(crate) aliases: Vec<RuleId>,
    pub(crate) related: Vec<String>,
    pub(crate) upstream: Vec<String>,
    /// Seconds since 1970; zero where unknown.
    pub(crate) modified: i64,
    pub(crate) published: String,
    pub(crate) withdrawn: Option<String>,
    pub(crate) summary: String,
    pub(crate) details: String,
    pub(crate) rating: Option<Rating>,
    pub(crate) cwes: Vec<Cwe>,
    pub(crate) references: Vec<String>,
    /// Packages of the ecosystem, each once, sorted by name.
    pub(crate) affected: Vec<Affected>,
    /// Parts that had to be left out, with the reason.
    pub(crate) faults: Vec<String>,
}

/// What an advisory says about one package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Affected {
    /// Normalised name.
    pub(crate) name: String,
    pub(crate) spans: Vec<Span>,
    /// Single versions, sorted, without those that lie in a span.
    pub(crate) versions: Vec<VersionKey>,
    /// Fixed versions as written, in version order.
    pub(crate) fixed: Vec<String>,
    pub(crate) symbols: Vec<String>,
    /// Where the entry has a rating of its own.
    pub(crate) rating: Option<Rating>,
    pub(crate) informational: Option<Informational>,
    /// The ranges in words, for people.
    pub(crate) text: String,
}

impl Affected {
    #[cfg(test)]
    pub(crate) fn applies_to(&self, version: &VersionKey) -> bool {
        covers(self.spans.iter(), version) || self.versions.binary_search(version).is_ok()
    }
}

/// Whether any of the spans holds the version. A text that is no version of the ecosystem has no place
/// in their order, so only a span of all versions holds it.
pub(crate) fn covers<'a>(mut spans: impl Iterator<Item = &'a Span>, version: &VersionKey) -> bool {
    spans.any(|span| {
        if version.is_readable() {
            span.contains(version)
        } else {
            span.lower == VersionKey::MIN && span.upper == super::span::Upper::Unbounded
        }
    })
}
