//! Builds an index file in one pass over the records. Texts go straight to the file; what a lookup
//! needs stays in memory until the end, about a hundred bytes a record.

use std::collections::BTreeMap;
use std::io::{self, Seek, SeekFrom, Write};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use tollgate_core::RuleId;

use super::layout::{HEADER, Header, REFUSED, SECTIONS, Section, WITHDRAWN, checksum, hash};
use super::text::{pack_affected, pack_informational, pack_ranges, pack_rating, pack_record};
use crate::graph::Ecosystem;
use crate::osv::advisory::{Advisory, Rating};

/// How many refused or faulty records are named; all are counted.
const NAMED: usize = 50;

/// What an index says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Description {
    pub(crate) ecosystem: String,
    /// Where the records came from.
    pub(crate) source: String,
    /// Seconds since 1970.
    pub(crate) built_at: i64,
    /// Seconds since 1970 of the newest record.
    pub(crate) newest: i64,
    /// Records that can match.
    pub(crate) advisories: u64,
    pub(crate) withdrawn: u64,
    /// Records that were refused, and those of which a part was left out.
    pub(crate) refused: u64,
    pub(crate) faulty: u64,
    /// Some of them, each with its reason.
    pub(crate) named: Vec<String>,
    /// SHA-256 of the list of changes the records were compared with.
    pub(crate) changes: String,
    /// For an increment: checksum of the index it adds to, and the hashes of the ids that are gone
    /// from it.
    pub(crate) base: u64,
    pub(crate) removed_hashes: Vec<u64>,
}

/// Collects records and writes the index.
pub(crate) struct Builder<W> {
    out: W,
    ecosystem: Ecosystem,
    position: u64,
    names: FxHashMap<Box<str>, u32>,
    affected: Vec<AffectedRow>,
    ranges: Vec<u8>,
    records: Vec<RecordRow>,
    /// Hash of each id and alias with its record.
    ids: Vec<(u64, u32)>,
    seen: FxHashSet<u64>,
    refused: FxHashSet<u64>,
    description: Description,
    scratch: Vec<u8>,
}

struct AffectedRow {
    name: u32,
    record: u32,
    ranges: (u32, u32),
    text: (u64, u32),
    flags: u32,
}

struct RecordRow {
    text: (u64, u32),
    flags: u32,
    modified: i64,
    id: u64,
    rating: Option<Rating>,
    /// Every entry is informational, so that no score is missing.
    informational: bool,
    /// Where its ids begin in `Builder::ids`.
    ids: usize,
}

impl<W: Write + Seek> Builder<W> {
    pub(crate) fn new(mut out: W, ecosystem: Ecosystem) -> io::Result<Self> {
        out.write_all(&[0; HEADER])?;
        Ok(Self {
            out,
            ecosystem,
            position: HEADER as u64,
            names: FxHashMap::default(),
            affected: Vec::new(),
            ranges: Vec::new(),
            records: Vec::new(),
            ids: Vec::new(),
            seen: FxHashSet::default(),
            refused: FxHashSet::default(),
            description: Description { ecosystem: ecosystem.osv_name().to_owned(), ..Description::default() },
            scratch: Vec::new(),
        })
    }

    /// Adds the record in `bytes`, found under `name`. One that cannot be understood is counted and named.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match crate::osv::read::read(bytes, self.ecosystem) {
            Ok(advisory) => self.add_advisory(&advisory),
            Err(error) => {
                self.refuse(name, &error.to_string());
                Ok(())
            }
        }
    }

    /// Whether a record of that id was added or refused.
    pub(crate) fn has(&self, id: &str) -> bool {
        let id = hash(id);
        self.seen.contains(&id) || self.refused.contains(&id)
    }

    /// Counts a record that could not be had, and names it.
    pub(crate) fn refuse(&mut self, name: &str, reason: &str) {
        self.description.refused += 1;
        self.name_fault(name, reason);
        // Its id stays known, so that an increment does not fetch it again and again.
        let id = hash(name.rsplit('/').next().unwrap_or(name).trim_end_matches(".json"));
        self.refused.insert(id);
        self.push_record(RecordRow {
            text: (0, 0),
            flags: REFUSED,
            modified: 0,
            id,
            rating: None,
            informational: true,
            ids: self.ids.len(),
        });
    }

    pub(crate) fn add_advisory(&mut self, advisory: &Advisory) -> io::Result<()> {
        let id = hash(advisory.id.as_str());
        if !self.seen.insert(id) {
            self.refuse(advisory.id.as_str(), "a record of this id was there before");
            return Ok(());
        }
        if !advisory.faults.is_empty() {
            self.description.faulty += 1;
            self.name_fault(advisory.id.as_str(), &advisory.faults.join("; "));
        }
        let withdrawn = advisory.withdrawn.is_some();
        self.description.newest = self.description.newest.max(advisory.modified);
        if withdrawn {
            self.description.withdrawn += 1;
        } else {
            self.description.advisories += 1;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        pack_record(&mut scratch, advisory);
        let text = self.write_text(&scratch)?;
        let record = index(self.records.len())?;
        let rating =
            advisory.rating.or_else(|| advisory.affected.iter().filter_map(|entry| entry.rating).max());
        self.push_record(RecordRow {
            text,
            flags: if withdrawn { WITHDRAWN } else { 0 },
            modified: advisory.modified,
            id,
            rating,
            informational: advisory.affected.iter().all(|entry| entry.informational.is_some()),
            ids: self.ids.len(),
        });
        self.ids.push((id, record));
        self.ids.extend(advisory.aliases.iter().map(|alias| (hash(alias.as_str()), record)));
        for entry in &advisory.affected {
            scratch.clear();
            pack_affected(&mut scratch, entry);
            let text = self.write_text(&scratch)?;
            let start = self.ranges.len();
            pack_ranges(&mut self.ranges, entry);
            let next = index(self.names.len())?;
            let name = match self.names.get(entry.name.as_str()) {
                Some(&name) => name,
                None => *self.names.entry(entry.name.as_str().into()).or_insert(next),
            };
            self.affected.push(AffectedRow {
                name,
                record,
                ranges: (index(start)?, index(self.ranges.len() - start)?),
                text,
                flags: pack_informational(entry.informational),
            });
        }
        self.scratch = scratch;
        Ok(())
    }

    /// Writes tables, description and header. Gives back the output and what it says about itself.
    pub(crate) fn finish(mut self, describe: impl FnOnce(&mut Description)) -> io::Result<(W, Description)> {
        let lent = self.borrow_ratings();
        let components = self.components();
        describe(&mut self.description);

        let mut sorted: Vec<(u64, &str, u32)> =
            self.names.iter().map(|(name, &idx)| (hash(name), name.as_ref(), idx)).collect();
        sorted.sort_unstable();
        let mut rank = vec![0_u32; sorted.len()];
        for (at, &(_, _, name)) in sorted.iter().enumerate() {
            rank[name as usize] = index(at)?;
        }
        let mut order: Vec<u32> = (0..index(self.affected.len())?).collect();
        order.sort_unstable_by_key(|&at| {
            let row = &self.affected[at as usize];
            (rank[row.name as usize], row.record)
        });

        let mut packages = Vec::new();
        let mut names = Vec::new();
        let mut affected = Vec::new();
        let mut next = 0;
        for (at, &(name_hash, name, _)) in sorted.iter().enumerate() {
            let start = next;
            while next < order.len() && rank[self.affected[order[next] as usize].name as usize] as usize == at
            {
                let row = &self.affected[order[next] as usize];
                for field in [row.record, components[order[next] as usize], row.ranges.0, row.ranges.1] {
                    affected.extend_from_slice(&field.to_le_bytes());
                }
                affected.extend_from_slice(&row.text.0.to_le_bytes());
                affected.extend_from_slice(&row.text.1.to_le_bytes());
                affected.extend_from_slice(&row.flags.to_le_bytes());
                next += 1;
            }
            packages.extend_from_slice(&name_hash.to_le_bytes());
            for field in [index(names.len())?, index(name.len())?, index(start)?, index(next - start)?] {
                packages.extend_from_slice(&field.to_le_bytes());
            }
            names.extend_from_slice(name.as_bytes());
        }
        let mut records = Vec::new();
        for (row, lent) in self.records.iter().zip(&lent) {
            let (rating, from) = match (row.rating, lent) {
                (None, Some((rating, from))) => (Some(*rating), from + 1),
                (own, _) => (own, 0),
            };
            let [severity, score] = pack_rating(rating);
            let flags = row.flags | u32::from(severity) << 8 | u32::from(score) << 16;
            records.extend_from_slice(&row.text.0.to_le_bytes());
            records.extend_from_slice(&row.text.1.to_le_bytes());
            records.extend_from_slice(&flags.to_le_bytes());
            records.extend_from_slice(&row.modified.to_le_bytes());
            records.extend_from_slice(&row.id.to_le_bytes());
            records.extend_from_slice(&from.to_le_bytes());
            records.extend_from_slice(&[0; 4]);
        }
        self.ids.extend(
            self.records
                .iter()
                .enumerate()
                .filter(|(_, row)| row.flags == REFUSED)
                .map(|(at, row)| (row.id, u32::try_from(at).unwrap_or(u32::MAX))),
        );
        self.ids.sort_unstable();
        self.ids.dedup();
        let mut ids = Vec::new();
        for (id, record) in &self.ids {
            ids.extend_from_slice(&id.to_le_bytes());
            ids.extend_from_slice(&u64::from(*record).to_le_bytes());
        }
        let description = serde_json::to_vec(&self.description)?;

        let mut sections = [(0, 0); SECTIONS];
        sections[Section::Texts as usize] = (HEADER as u64, self.position - HEADER as u64);
        let tables = [
            (Section::Packages, packages),
            (Section::Names, names),
            (Section::Affected, affected),
            (Section::Ranges, std::mem::take(&mut self.ranges)),
            (Section::Records, records),
            (Section::Ids, ids),
            (Section::Description, description),
        ];
        for (section, bytes) in &tables {
            sections[*section as usize] = (self.position, bytes.len() as u64);
            self.out.write_all(bytes)?;
            self.position += bytes.len() as u64;
        }
        let header = Header {
            length: self.position,
            tables: checksum(tables.iter().map(|(_, bytes)| bytes.as_slice())),
            sections,
        };
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header.encode())?;
        self.out.flush()?;
        Ok((self.out, self.description))
    }

    /// For each record without a rating, the worst one of a record that shares an id or alias with it.
    fn borrow_ratings(&self) -> Vec<Option<(Rating, u32)>> {
        let mut lenders: FxHashMap<u64, (Rating, u32)> = FxHashMap::default();
        for &(id, record) in &self.ids {
            let row = &self.records[record as usize];
            let Some(rating) = row.rating.filter(|_| row.flags == 0) else { continue };
            let lender = lenders.entry(id).or_insert((rating, record));
            // Of equal ratings the one with the smaller id hash lends, whatever the order of the archive.
            let better = |row: &RecordRow, other: u32| row.id < self.records[other as usize].id;
            if rating > lender.0 || (rating == lender.0 && better(row, lender.1)) {
                *lender = (rating, record);
            }
        }
        let mut borrowed = vec![None; self.records.len()];
        for &(id, record) in &self.ids {
            let row = &self.records[record as usize];
            if row.rating.is_some() || row.informational {
                continue;
            }
            if let Some(&(rating, from)) = lenders.get(&id) {
                let best: &mut Option<(Rating, u32)> = &mut borrowed[record as usize];
                if best.is_none_or(|(other, _)| rating > other) {
                    *best = Some((rating, from));
                }
            }
        }
        borrowed
    }

    /// For each affected row, the smallest record that speaks of the same flaw of the same package:
    /// records are joined by the ids and aliases they share, transitively.
    fn components(&self) -> Vec<u32> {
        let mut by_package: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, row) in self.affected.iter().enumerate() {
            if self.records[row.record as usize].flags == 0 {
                by_package.entry(row.name).or_default().push(at);
            }
        }
        let mut components: Vec<u32> = self.affected.iter().map(|row| row.record).collect();
        for rows in by_package.values().filter(|rows| rows.len() > 1) {
            let records: Vec<u32> = rows.iter().map(|&at| self.affected[at].record).collect();
            let keys = records.iter().map(|&record| self.ids_of(record));
            for (&at, joined) in rows.iter().zip(crate::grouping::join(keys)) {
                components[at] = records[joined];
            }
        }
        components
    }

    fn ids_of(&self, record: u32) -> impl Iterator<Item = u64> {
        let start = self.records[record as usize].ids;
        self.ids[start..].iter().take_while(move |(_, owner)| *owner == record).map(|(id, _)| *id)
    }

    fn push_record(&mut self, row: RecordRow) {
        self.records.push(row);
    }

    fn name_fault(&mut self, name: &str, reason: &str) {
        if self.description.named.len() < NAMED {
            let name: String = name.chars().take(120).collect();
            let reason: String = reason.chars().take(240).collect();
            self.description.named.push(format!("{name}: {reason}"));
        }
    }

    fn write_text(&mut self, bytes: &[u8]) -> io::Result<(u64, u32)> {
        let at = self.position;
        self.out.write_all(bytes)?;
        self.position += bytes.len() as u64;
        Ok((at, index(bytes.len())?))
    }
}

/// A place in a table or section.
fn index(number: usize) -> io::Result<u32> {
    u32::try_from(number)
        .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "an index has four gigabytes at most"))
}

/// The hash under which an id is found.
pub(super) fn id_hash(id: &RuleId) -> u64 {
    hash(id.as_str())
}
