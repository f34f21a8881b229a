//! Rules: what a scanner looks for.

use std::fmt;
use std::sync::Arc;

use crate::cwe::Cwe;
use crate::severity::{Score, Severity};

/// The name of a rule, check or advisory, for example `python.flask.sql-injection` or `RUSTSEC-2023-0044`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

/// A text that cannot name a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be a rule id: it is empty or has control characters")]
pub struct InvalidRuleId(pub String);

impl RuleId {
    /// Reads a rule id; surrounding white space is dropped.
    ///
    /// # Errors
    /// When the text is empty or has control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidRuleId> {
        let text = text.trim();
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(InvalidRuleId(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How sure a rule is that what it reports is a flaw (SARIF `precision`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Confidence {
    /// Worth a look.
    Low,
    /// Right more often than not.
    #[default]
    Medium,
    /// Nearly always right.
    High,
    /// Proved, for example by a replayed request.
    Confirmed,
}

impl Confidence {
    /// Every confidence, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Confirmed];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Confirmed => "confirmed",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a report says of a rule, apart from single findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMeta {
    /// The rule.
    pub id: RuleId,
    /// One line: what the rule finds.
    pub summary: String,
    /// What is wrong, why it matters and what to do, as Markdown. May be empty.
    pub help: String,
    /// Severity of its findings unless they say otherwise.
    pub severity: Option<Severity>,
    /// CVSS base score, where one is known.
    pub score: Option<Score>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Weaknesses it looks for, sorted.
    pub cwes: Vec<Cwe>,
    /// Further tags, for example `OWASP-A03:2021`, sorted.
    pub tags: Vec<String>,
    /// Pages that explain the flaw; the first is the help link.
    pub references: Vec<String>,
}

impl RuleMeta {
    /// A rule of which only the id is known.
    #[must_use]
    pub fn bare(id: RuleId) -> Self {
        Self {
            summary: id.to_string(),
            id,
            help: String::new(),
            severity: None,
            score: None,
            confidence: Confidence::default(),
            cwes: Vec::new(),
            tags: Vec::new(),
            references: Vec::new(),
        }
    }
}
