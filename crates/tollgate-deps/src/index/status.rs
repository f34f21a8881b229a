//! What people ask about the index: how old it is, what it holds, what an advisory says.

use std::path::Path;

use tollgate_core::{Cwe, RuleId};

use super::{EcosystemIndex, IndexError, IndexFile};
use crate::feeds::{FeedStatus, Feeds};
use crate::graph::Ecosystem;
use crate::osv::Rating;

/// What the index of an ecosystem holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemStatus {
    /// Which.
    pub ecosystem: Ecosystem,
    /// Where the records came from.
    pub source: String,
    /// Advisories that can match.
    pub advisories: u64,
    /// Advisories withdrawn by their authors.
    pub withdrawn: u64,
    /// Records that could not be understood, and those of which a part could not.
    pub refused: u64,
    /// Records of which a part was left out.
    pub faulty: u64,
    /// Some of these, each with the reason.
    pub named: Vec<String>,
    /// Records changed since the base was built.
    pub increment: u64,
    /// Seconds since 1970 of the newest record.
    pub newest: i64,
    /// Seconds since 1970 of the last update.
    pub updated_at: i64,
    /// Size on disk in bytes.
    pub bytes: u64,
}

/// What the whole index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Each ecosystem, in fixed order.
    pub ecosystems: Vec<EcosystemStatus>,
    /// The known-exploited list, where there is one.
    pub kev: Option<FeedStatus>,
    /// The exploit-probability scores, where there are any.
    pub epss: Option<FeedStatus>,
}

/// Looks at an index and verifies its tables.
///
/// # Errors
/// When there is no index, or it is damaged.
pub fn status(dir: &Path) -> Result<IndexStatus, IndexError> {
    let mut ecosystems = Vec::new();
    for ecosystem in Ecosystem::ALL {
        if let Some(found) = EcosystemIndex::open(dir, ecosystem)? {
            ecosystems.push(found.status()?);
        }
    }
    if ecosystems.is_empty() {
        return Err(IndexError::Missing { dir: dir.to_owned() });
    }
    let feeds = Feeds::open(dir)?;
    Ok(IndexStatus { ecosystems, kev: feeds.kev_status(), epss: feeds.epss_status() })
}

/// An advisory for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryText {
    /// Where it was found.
    pub ecosystem: Ecosystem,
    /// Its id.
    pub id: RuleId,
    /// Other ids of the same flaw.
    pub aliases: Vec<RuleId>,
    /// Advisories of related flaws.
    pub related: Vec<String>,
    /// Advisories this one comes from.
    pub upstream: Vec<String>,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub details: String,
    /// How bad.
    pub rating: Option<Rating>,
    /// The advisory the rating was borrowed from, where it has none of its own.
    pub rating_from: Option<RuleId>,
    /// Weaknesses.
    pub cwes: Vec<Cwe>,
    /// Affected packages of the ecosystem with their ranges in words, sorted.
    pub affected: Vec<(String, String)>,
    /// Web pages.
    pub references: Vec<String>,
    /// Date and time of publication as written, may be empty.
    pub published: String,
    /// Seconds since 1970 of the last change; zero where unknown.
    pub modified: i64,
    /// Date and time of withdrawal as written.
    pub withdrawn: Option<String>,
}

/// Every advisory with the id, or with it as an alias, those with the very id first.
///
/// # Errors
/// When there is no index, or it is damaged.
pub fn show(dir: &Path, id: &RuleId) -> Result<Vec<AdvisoryText>, IndexError> {
    let mut found = Vec::new();
    let mut any = false;
    for ecosystem in Ecosystem::ALL {
        if let Some(index) = EcosystemIndex::open(dir, ecosystem)? {
            any = true;
            found.extend(index.show(id)?);
        }
    }
    if !any {
        return Err(IndexError::Missing { dir: dir.to_owned() });
    }
    found.sort_by_key(|advisory| advisory.id != *id);
    Ok(found)
}

impl EcosystemIndex {
    fn status(&self) -> Result<EcosystemStatus, IndexError> {
        self.base.verify()?;
        let base = self.base.description()?;
        let mut status = EcosystemStatus {
            ecosystem: self.ecosystem,
            source: base.source,
            advisories: base.advisories,
            withdrawn: base.withdrawn,
            refused: base.refused,
            faulty: base.faulty,
            named: base.named,
            increment: 0,
            newest: base.newest,
            updated_at: self.built_at,
            bytes: size(&self.base),
        };
        if let Some((file, replaced)) = &self.increment {
            file.verify()?;
            let increment = file.description()?;
            status.increment = replaced.len() as u64;
            status.refused += increment.refused;
            status.faulty += increment.faulty;
            status.named.extend(increment.named);
            status.newest = status.newest.max(increment.newest);
            status.bytes += size(file);
        }
        Ok(status)
    }

    fn show(&self, id: &RuleId) -> Result<Vec<AdvisoryText>, IndexError> {
        let mut found = Vec::new();
        for (file, replaced) in self.files() {
            for at in file.find(id)? {
                let row = file.record(at)?;
                if row.is_refused() || replaced.is_some_and(|replaced| replaced.contains(&row.id)) {
                    continue;
                }
                let text = file.record_text(&row)?;
                let rating_from = match row.lender {
                    Some(lender) => Some(file.record_text(&file.record(lender)?)?.id),
                    None => None,
                };
                found.push(AdvisoryText {
                    ecosystem: self.ecosystem,
                    affected: affected(file, at)?,
                    id: text.id,
                    aliases: text.aliases,
                    related: text.related,
                    upstream: text.upstream,
                    summary: text.summary,
                    details: text.details,
                    rating: row.rating,
                    rating_from,
                    cwes: text.cwes,
                    references: text.references,
                    published: text.published,
                    modified: row.modified,
                    withdrawn: text.withdrawn,
                });
            }
        }
        Ok(found)
    }
}

/// Packages a record affects. Looking at every package is quick enough for one question of a person.
fn affected(file: &IndexFile, record: u32) -> Result<Vec<(String, String)>, IndexError> {
    let mut found = Vec::new();
    for (name, hit) in file.everything()? {
        if hit.record == record {
            found.push((name, file.affected_text(&hit)?.ranges));
        }
    }
    found.sort();
    Ok(found)
}

fn size(file: &IndexFile) -> u64 {
    std::fs::metadata(file.path()).map_or(0, |data| data.len())
}
