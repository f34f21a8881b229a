//! The local advisory index: one file for each ecosystem, opened in place, and beside it the feeds of
//! known exploitation.

pub(crate) mod build;
mod file;
mod layout;
pub(crate) mod map;
mod status;
mod text;

use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

pub use status::{AdvisoryText, EcosystemStatus, IndexStatus, show, status};

pub(crate) use build::{Builder, Description};
pub(crate) use file::IndexFile;
pub(crate) use layout::hash as stable_hash;

use tollgate_core::RuleId;

use crate::feeds::Feeds;
use crate::graph::{Ecosystem, PackageKey};
use crate::matching::AdvisoryMatch;
use crate::osv::Rating;
use crate::version::{VersionKey, version_key};

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("there is no advisory index in {}", dir.display())]
    Missing {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// A file of it cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of it is damaged or of another version.
    #[error("{} is no usable index: {reason}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl IndexError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "run `tollgate advisories update` once while online, or give it `--from DIR`"
            }
            Self::Unreadable { .. } => "check the permissions of the file",
            Self::Corrupt { .. } => "run `tollgate advisories update` to build it anew",
        }
    }
}

/// All advisories at hand.
pub struct Index {
    ecosystems: Vec<EcosystemIndex>,
    feeds: Feeds,
    builtin: bool,
}

struct EcosystemIndex {
    ecosystem: Ecosystem,
    base: IndexFile,
    /// What changed since, and which records of `base` it replaces or removes.
    increment: Option<(IndexFile, FxHashSet<u64>)>,
    built_at: i64,
}

impl Index {
    /// Opens the index in a directory.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be used.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let mut ecosystems = Vec::new();
        for ecosystem in Ecosystem::ALL {
            ecosystems.extend(EcosystemIndex::open(dir, ecosystem)?);
        }
        if ecosystems.is_empty() {
            return Err(IndexError::Missing { dir: dir.to_owned() });
        }
        Ok(Self { ecosystems, feeds: Feeds::open(dir)?, builtin: false })
    }

    /// The few notorious advisories that are part of the program, for when there is no index.
    #[must_use]
    pub fn builtin() -> Self {
        let ecosystems = crate::builtin::indexes()
            .into_iter()
            .map(|(ecosystem, base)| EcosystemIndex { ecosystem, base, increment: None, built_at: 0 })
            .collect();
        Self { ecosystems, feeds: Feeds::default(), builtin: true }
    }

    /// Whether it is only the built-in set, so that a check against it is partial.
    #[must_use]
    pub const fn is_builtin(&self) -> bool {
        self.builtin
    }

    /// Whether there are advisories of the ecosystem at all.
    #[must_use]
    pub fn covers(&self, ecosystem: Ecosystem) -> bool {
        self.get(ecosystem).is_some()
    }

    /// When the oldest part was brought up to date, in seconds since 1970; `None` for the built-in set.
    #[must_use]
    pub fn updated_at(&self) -> Option<i64> {
        self.ecosystems.iter().map(|found| found.built_at).min().filter(|_| !self.builtin)
    }

    /// As [`Index::updated_at`], for one ecosystem.
    #[must_use]
    pub fn ecosystem_updated_at(&self, ecosystem: Ecosystem) -> Option<i64> {
        self.get(ecosystem).map(|found| found.built_at).filter(|_| !self.builtin)
    }

    /// Seconds since the oldest part was brought up to date; `None` for the built-in set.
    #[must_use]
    pub fn age(&self, now: i64) -> Option<u64> {
        self.updated_at().map(|then| u64::try_from(now.saturating_sub(then)).unwrap_or(0))
    }

    /// The advisories that apply to a version of a package, sorted by id.
    ///
    /// # Errors
    /// When the index turns out to be damaged.
    pub fn matches(
        &self,
        ecosystem: Ecosystem,
        name: &str,
        version: &str,
    ) -> Result<Vec<AdvisoryMatch>, IndexError> {
        self.matches_key(&PackageKey::new(ecosystem, name), version)
    }

    /// As [`Index::matches`], for a name that was normalised before.
    ///
    /// # Errors
    /// When the index turns out to be damaged.
    pub fn matches_key(&self, package: &PackageKey, version: &str) -> Result<Vec<AdvisoryMatch>, IndexError> {
        let Some(found) = self.get(package.ecosystem()) else { return Ok(Vec::new()) };
        let key = version_key(package.ecosystem(), version);
        let mut matches = found.matches(package.name(), Some(&key))?;
        for advisory in &mut matches {
            if advisory.rating.is_none() && advisory.informational.is_none() {
                self.borrow_rating(advisory)?;
            }
            self.feeds.annotate(advisory)?;
        }
        Ok(matches)
    }

    /// Every advisory of a package that was not withdrawn, whatever the version.
    ///
    /// # Errors
    /// When the index turns out to be damaged.
    pub(crate) fn package(&self, package: &PackageKey) -> Result<Vec<AdvisoryMatch>, IndexError> {
        self.get(package.ecosystem()).map_or(Ok(Vec::new()), |found| found.matches(package.name(), None))
    }

    /// Whether any advisory that is a vulnerability applies.
    pub(crate) fn is_vulnerable(
        &self,
        package: &PackageKey,
        version: &VersionKey,
    ) -> Result<bool, IndexError> {
        let Some(found) = self.get(package.ecosystem()) else { return Ok(false) };
        found.is_vulnerable(package.name(), version)
    }

    /// One flaw can be in packages of several ecosystems, and be scored in another than this one.
    fn borrow_rating(&self, advisory: &mut AdvisoryMatch) -> Result<(), IndexError> {
        let others = self.ecosystems.iter().filter(|other| other.ecosystem != advisory.ecosystem);
        let mut best = None;
        for other in others {
            for alias in std::iter::once(&advisory.id).chain(&advisory.aliases) {
                if let Some((rating, lender)) = other.rating_of(alias)? {
                    best = best.max(Some((rating, std::cmp::Reverse(lender))));
                }
            }
        }
        if let Some((rating, lender)) = best {
            advisory.rating = Some(rating);
            advisory.rating_from = Some(lender.0);
        }
        Ok(())
    }

    fn get(&self, ecosystem: Ecosystem) -> Option<&EcosystemIndex> {
        self.ecosystems.iter().find(|found| found.ecosystem == ecosystem)
    }
}

impl EcosystemIndex {
    fn open(dir: &Path, ecosystem: Ecosystem) -> Result<Option<Self>, IndexError> {
        let Some(base) = IndexFile::open(&base_path(dir, ecosystem))? else { return Ok(None) };
        let mut built_at = base.description()?.built_at;
        if let Some(checked) = checked_at(dir, ecosystem) {
            built_at = built_at.max(checked);
        }
        let mut increment = None;
        if let Some(file) = IndexFile::open(&increment_path(dir, ecosystem))? {
            let description = file.description()?;
            // One that was made for another base was left behind by an interrupted update.
            if description.base == base.identity() {
                let mut replaced = file.own_ids();
                replaced.extend(&description.removed_hashes);
                built_at = built_at.max(description.built_at);
                increment = Some((file, replaced));
            }
        }
        Ok(Some(Self { ecosystem, base, increment, built_at }))
    }

    fn files(&self) -> impl Iterator<Item = (&IndexFile, Option<&FxHashSet<u64>>)> {
        let replaced = self.increment.as_ref().map(|(_, replaced)| replaced);
        let increment = self.increment.as_ref().map(|(file, _)| (file, None));
        std::iter::once((&self.base, replaced)).chain(increment)
    }

    fn matches(&self, name: &str, version: Option<&VersionKey>) -> Result<Vec<AdvisoryMatch>, IndexError> {
        let mut matches = Vec::new();
        for (place, (file, replaced)) in self.files().enumerate() {
            let hits = match version {
                Some(version) => file.hits(name, version)?,
                None => file.all_hits(name)?,
            };
            for hit in hits {
                let row = file.record(hit.record)?;
                if replaced.is_some_and(|replaced| replaced.contains(&row.id)) {
                    continue;
                }
                let record = file.record_text(&row)?;
                let mut affected = file.affected_text(&hit)?;
                if let Some(version) = version.filter(|version| version.is_readable()) {
                    affected.fixed.retain(|fixed| version_key(self.ecosystem, fixed) > *version);
                }
                let lender = match row.lender {
                    Some(lender) if affected.rating.is_none() => {
                        Some(file.record_text(&file.record(lender)?)?.id)
                    }
                    _ => None,
                };
                matches.push(AdvisoryMatch {
                    ecosystem: self.ecosystem,
                    package: name.to_owned(),
                    id: record.id,
                    aliases: record.aliases,
                    summary: record.summary,
                    details: record.details,
                    rating: affected.rating.or(row.rating),
                    rating_from: lender,
                    informational: hit.informational,
                    cwes: record.cwes,
                    fixed_versions: affected.fixed,
                    affected_ranges: affected.ranges,
                    affected_symbols: affected.symbols,
                    references: record.references,
                    kev: false,
                    epss_ppm: None,
                    flaw: (place, hit.component),
                });
            }
        }
        matches.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(matches)
    }

    /// The worst rating of its own that a record with the id or alias has, and whose it is.
    fn rating_of(&self, id: &RuleId) -> Result<Option<(Rating, RuleId)>, IndexError> {
        let mut best: Option<(Rating, RuleId)> = None;
        for (file, replaced) in self.files() {
            for at in file.find(id)? {
                let row = file.record(at)?;
                let usable = !row.is_withdrawn()
                    && !row.is_refused()
                    && row.lender.is_none()
                    && !replaced.is_some_and(|replaced| replaced.contains(&row.id));
                if let Some(rating) = row.rating.filter(|_| usable) {
                    let lender = file.record_text(&row)?.id;
                    let better = best
                        .as_ref()
                        .is_none_or(|(other, by)| rating > *other || (rating == *other && lender < *by));
                    if better {
                        best = Some((rating, lender));
                    }
                }
            }
        }
        Ok(best)
    }

    fn is_vulnerable(&self, name: &str, version: &VersionKey) -> Result<bool, IndexError> {
        for (file, replaced) in self.files() {
            for hit in file.hits(name, version)? {
                let row = file.record(hit.record)?;
                let replaced = replaced.is_some_and(|replaced| replaced.contains(&row.id));
                if !replaced && hit.informational.is_none() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The file of an ecosystem in an index directory.
pub(crate) fn base_path(dir: &Path, ecosystem: Ecosystem) -> PathBuf {
    dir.join(format!("{}.index", slug(ecosystem)))
}

/// The file with what changed since.
pub(crate) fn increment_path(dir: &Path, ecosystem: Ecosystem) -> PathBuf {
    dir.join(format!("{}.increment", slug(ecosystem)))
}

/// The file that says when the data were last found to be the newest.
pub(crate) fn checked_path(dir: &Path, ecosystem: Ecosystem) -> PathBuf {
    dir.join(format!("{}.checked", slug(ecosystem)))
}

fn checked_at(dir: &Path, ecosystem: Ecosystem) -> Option<i64> {
    std::fs::read_to_string(checked_path(dir, ecosystem)).ok()?.trim().parse().ok()
}

fn slug(ecosystem: Ecosystem) -> String {
    ecosystem.osv_name().to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}
