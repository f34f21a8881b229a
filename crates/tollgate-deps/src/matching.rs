//! An advisory that applies to a package, and the smallest version to which none does.

use tollgate_core::{Cwe, RuleId, Severity};

use crate::graph::{Ecosystem, PackageKey};
use crate::grouping::FlawGroup;
use crate::index::{Index, IndexError};
use crate::osv::{Informational, Rating};
use crate::version::version_key;

/// An advisory that applies to a version of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryMatch {
    /// Where the package comes from.
    pub ecosystem: Ecosystem,
    /// Its normalised name.
    pub package: String,
    /// The advisory.
    pub id: RuleId,
    /// Other ids that it names for the same flaw, sorted.
    pub aliases: Vec<RuleId>,
    /// One line; may be empty.
    pub summary: String,
    /// Markdown, at most a few kilobytes; may be empty.
    pub details: String,
    /// How bad; `None` where nobody scored it, not even under an alias.
    pub rating: Option<Rating>,
    /// The advisory of the same flaw that the rating was borrowed from.
    pub rating_from: Option<RuleId>,
    /// Set where it is a notice rather than a vulnerability.
    pub informational: Option<Informational>,
    /// Weaknesses, sorted.
    pub cwes: Vec<Cwe>,
    /// Later versions with the fix, smallest first.
    pub fixed_versions: Vec<String>,
    /// Affected versions in words.
    pub affected_ranges: String,
    /// Affected symbols as `module::symbol` or `import/path.Symbol`; `import/path.*` is a whole package.
    pub affected_symbols: Vec<String>,
    /// Web pages, the advisory's own first.
    pub references: Vec<String>,
    /// Whether it is known to be exploited.
    pub kev: bool,
    /// EPSS probability of exploitation within 30 days, in millionths.
    pub epss_ppm: Option<u32>,
    /// Advisories of one package with equal values speak of one flaw.
    pub(crate) flaw: (usize, u32),
}

impl AdvisoryMatch {
    /// Severity for reports: a notice is [`Severity::Info`] whatever its score.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.informational {
            Some(_) => Some(Severity::Info),
            None => self.rating.map(|rating| rating.severity),
        }
    }
}

/// The smallest version above `current` that is known to be free of every vulnerability of the package,
/// and of the given flaws. `None` where no advisory names a fixed version that is.
///
/// # Errors
/// When the index turns out to be damaged.
pub fn clears(
    index: &Index,
    package: &PackageKey,
    current: &str,
    flaws: &[FlawGroup],
) -> Result<Option<String>, IndexError> {
    let ecosystem = package.ecosystem();
    let current = version_key(ecosystem, current);
    let mut candidates: Vec<_> = index
        .package(package)?
        .into_iter()
        .flat_map(|advisory| advisory.fixed_versions)
        .map(|text| (version_key(ecosystem, &text), text))
        .filter(|(key, _)| *key > current && key.is_readable())
        .collect();
    candidates.sort();
    candidates.dedup_by(|a, b| a.0 == b.0);
    let notices: Vec<&RuleId> = flaws
        .iter()
        .filter(|flaw| !flaw.fixed_versions.is_empty())
        .flat_map(|flaw| flaw.members.iter().map(|member| &member.id))
        .collect();
    for (key, text) in candidates {
        let vulnerable = index.is_vulnerable(package, &key)?
            || !notices.is_empty()
                && index.matches_key(package, &text)?.iter().any(|advisory| notices.contains(&&advisory.id));
        if !vulnerable {
            return Ok(Some(text));
        }
    }
    Ok(None)
}
