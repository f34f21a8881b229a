//! One index file, opened in place. Nothing is trusted: whatever the bytes, an answer or an error.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use tollgate_core::RuleId;

use super::IndexError;
use super::build::{Description, id_hash};
use super::layout::{
    AFFECTED, Cursor, Header, ID, PACKAGE, RECORD, REFUSED, Section, WITHDRAWN, checksum, hash,
};
use super::map::Bytes;
use super::text::{AffectedText, RecordText, ranges_hold, unpack_affected, unpack_rating, unpack_record};
use crate::osv::advisory::{Informational, Rating};
use crate::version::VersionKey;

/// An index file of one ecosystem.
pub(crate) struct IndexFile {
    path: PathBuf,
    bytes: Bytes,
    header: Header,
}

/// What affects a package at a version.
pub(super) struct Hit {
    pub(super) record: u32,
    pub(super) component: u32,
    pub(super) informational: Option<Informational>,
    text: (u64, u32),
}

/// A row of the table of records.
pub(super) struct RecordRow {
    text: (u64, u32),
    pub(super) flags: u32,
    pub(super) modified: i64,
    pub(super) rating: Option<Rating>,
    /// The record the rating was borrowed from.
    pub(super) lender: Option<u32>,
    pub(super) id: u64,
}

impl RecordRow {
    pub(super) const fn is_withdrawn(&self) -> bool {
        self.flags & WITHDRAWN != 0
    }

    pub(super) const fn is_refused(&self) -> bool {
        self.flags & REFUSED != 0
    }
}

impl IndexFile {
    /// Opens an index; `None` where there is no such file.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, IndexError> {
        let error = |source| IndexError::Unreadable { path: path.to_owned(), source };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(source)),
        };
        let bytes = Bytes::map(&file).map_err(error)?;
        Self::new(path.to_owned(), bytes).map(Some)
    }

    /// An index in memory.
    pub(crate) fn in_memory(name: &str, bytes: Vec<u8>) -> Result<Self, IndexError> {
        Self::new(PathBuf::from(name), Bytes::Owned(bytes))
    }

    fn new(path: PathBuf, bytes: Bytes) -> Result<Self, IndexError> {
        let header = Header::decode(&bytes)
            .map_err(|reason| IndexError::Corrupt { path: path.clone(), reason: reason.to_owned() })?;
        let file = Self { path, bytes, header };
        let sizes = [
            (Section::Packages, PACKAGE),
            (Section::Names, 1),
            (Section::Affected, AFFECTED),
            (Section::Ranges, 1),
            (Section::Records, RECORD),
            (Section::Ids, ID),
            (Section::Texts, 1),
            (Section::Description, 1),
        ];
        for (section, size) in sizes {
            if file.section(section).is_none_or(|bytes| bytes.len() % size != 0) {
                return Err(file.corrupt("a section lies outside of it"));
            }
        }
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The checksum of the tables, which tells one build from another.
    pub(crate) const fn identity(&self) -> u64 {
        self.header.tables
    }

    pub(crate) fn description(&self) -> Result<Description, IndexError> {
        self.section(Section::Description)
            .and_then(|bytes| serde_json::from_slice(bytes).ok())
            .ok_or_else(|| self.corrupt("its description cannot be read"))
    }

    /// Reads all tables and compares them with their checksum.
    pub(crate) fn verify(&self) -> Result<(), IndexError> {
        let order = [
            Section::Packages,
            Section::Names,
            Section::Affected,
            Section::Ranges,
            Section::Records,
            Section::Ids,
            Section::Description,
        ];
        let parts = order.into_iter().map(|section| self.section(section).unwrap_or_default());
        if checksum(parts) == self.header.tables {
            Ok(())
        } else {
            Err(self.corrupt("the checksum of its tables is wrong"))
        }
    }

    /// What affects the package of that normalised name at the version. Withdrawn records do not.
    pub(super) fn hits(&self, name: &str, version: &VersionKey) -> Result<Vec<Hit>, IndexError> {
        self.find_hits(name, Some(version)).ok_or_else(|| self.corrupt("a table points outside of it"))
    }

    /// Everything said about a package, whatever the version.
    pub(super) fn all_hits(&self, name: &str) -> Result<Vec<Hit>, IndexError> {
        self.find_hits(name, None).ok_or_else(|| self.corrupt("a table points outside of it"))
    }

    fn find_hits(&self, name: &str, version: Option<&VersionKey>) -> Option<Vec<Hit>> {
        let packages = self.section(Section::Packages)?;
        let wanted = hash(name);
        let mut at = lower_bound(packages, PACKAGE, wanted)?;
        let mut hits = Vec::new();
        while let Some(row) = row(packages, PACKAGE, at) {
            let mut from = Cursor::new(row);
            if from.u64()? != wanted {
                break;
            }
            at += 1;
            let (name_at, name_length) = (from.u32()?, from.u32()?);
            let (first, count) = (from.u32()? as usize, from.u32()? as usize);
            if slice(self.section(Section::Names)?, u64::from(name_at), name_length)? != name.as_bytes() {
                continue;
            }
            let table = self.section(Section::Affected)?;
            if count > table.len() / AFFECTED {
                return None;
            }
            for at in first..first.checked_add(count)? {
                let (hit, ranges) = self.affected(at)?;
                let holds = match version {
                    Some(version) => ranges_hold(ranges, version)?,
                    None => true,
                };
                if holds && !self.find_record(hit.record)?.is_withdrawn() {
                    hits.push(hit);
                }
            }
        }
        Some(hits)
    }

    fn affected(&self, at: usize) -> Option<(Hit, &[u8])> {
        let mut from = Cursor::new(row(self.section(Section::Affected)?, AFFECTED, at)?);
        let (record, component) = (from.u32()?, from.u32()?);
        let ranges = slice(self.section(Section::Ranges)?, u64::from(from.u32()?), from.u32()?)?;
        let text = (from.u64()?, from.u32()?);
        let informational = super::text::unpack_informational(from.u32()?);
        Some((Hit { record, component, informational, text }, ranges))
    }

    pub(super) fn record(&self, at: u32) -> Result<RecordRow, IndexError> {
        self.find_record(at).ok_or_else(|| self.corrupt("a record lies outside of it"))
    }

    fn find_record(&self, at: u32) -> Option<RecordRow> {
        let mut from = Cursor::new(row(self.section(Section::Records)?, RECORD, at as usize)?);
        let text = (from.u64()?, from.u32()?);
        let packed = from.u32()?;
        let [_, severity, score, _] = packed.to_le_bytes();
        let modified = i64::from_le_bytes(from.take(8)?.try_into().ok()?);
        let id = from.u64()?;
        let lender = from.u32()?.checked_sub(1);
        Some(RecordRow {
            text,
            flags: packed & 0xff,
            modified,
            rating: unpack_rating([severity, score]),
            lender,
            id,
        })
    }

    pub(super) fn record_text(&self, row: &RecordRow) -> Result<RecordText, IndexError> {
        slice(&self.bytes, row.text.0, row.text.1)
            .and_then(unpack_record)
            .ok_or_else(|| self.corrupt("the text of a record cannot be read"))
    }

    pub(super) fn affected_text(&self, hit: &Hit) -> Result<AffectedText, IndexError> {
        slice(&self.bytes, hit.text.0, hit.text.1)
            .and_then(unpack_affected)
            .ok_or_else(|| self.corrupt("the text of an affected package cannot be read"))
    }

    /// Records that have the id, or have it as an alias, each once.
    pub(super) fn find(&self, id: &RuleId) -> Result<Vec<u32>, IndexError> {
        let mut found =
            self.records_under(id_hash(id)).ok_or_else(|| self.corrupt("a table points outside of it"))?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn records_under(&self, wanted: u64) -> Option<Vec<u32>> {
        let ids = self.section(Section::Ids)?;
        let mut at = lower_bound(ids, ID, wanted)?;
        let mut found = Vec::new();
        while let Some(row) = row(ids, ID, at) {
            let mut from = Cursor::new(row);
            if from.u64()? != wanted {
                break;
            }
            found.push(from.u32()?);
            at += 1;
        }
        Some(found)
    }

    /// When the record of that id was last changed, in seconds since 1970; `None` where it is unknown.
    pub(crate) fn modified(&self, id: &str) -> Option<i64> {
        let wanted = hash(id);
        let records = self.records_under(wanted)?;
        records
            .into_iter()
            .filter_map(|at| self.find_record(at))
            .filter(|row| row.id == wanted)
            .map(|row| row.modified)
            .max()
    }

    /// Hashes of the ids of all records.
    pub(crate) fn own_ids(&self) -> FxHashSet<u64> {
        let count = self.section(Section::Records).map_or(0, |table| table.len() / RECORD);
        (0..count).filter_map(|at| self.find_record(u32::try_from(at).ok()?)).map(|row| row.id).collect()
    }

    /// Every package with each thing said about it.
    pub(super) fn everything(&self) -> Result<Vec<(String, Hit)>, IndexError> {
        let read = || {
            let table = self.section(Section::Packages)?;
            let mut found = Vec::new();
            for at in 0..table.len() / PACKAGE {
                let mut from = Cursor::new(row(table, PACKAGE, at)?);
                from.u64()?;
                let name = slice(self.section(Section::Names)?, u64::from(from.u32()?), from.u32()?)?;
                let name = std::str::from_utf8(name).ok()?;
                let (first, count) = (from.u32()? as usize, from.u32()? as usize);
                if count + found.len() > self.section(Section::Affected)?.len() / AFFECTED {
                    return None;
                }
                for at in first..first.checked_add(count)? {
                    found.push((name.to_owned(), self.affected(at)?.0));
                }
            }
            Some(found)
        };
        read().ok_or_else(|| self.corrupt("a table points outside of it"))
    }

    fn section(&self, section: Section) -> Option<&[u8]> {
        let (offset, length) = self.header.sections[section as usize];
        let start = usize::try_from(offset).ok()?;
        self.bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    fn corrupt(&self, reason: &str) -> IndexError {
        IndexError::Corrupt { path: self.path.clone(), reason: reason.to_owned() }
    }
}

fn slice(bytes: &[u8], offset: u64, length: u32) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    bytes.get(start..start.checked_add(length as usize)?)
}

fn row(table: &[u8], size: usize, at: usize) -> Option<&[u8]> {
    let start = at.checked_mul(size)?;
    table.get(start..start.checked_add(size)?)
}

/// The first row whose leading number is not below `wanted`.
fn lower_bound(table: &[u8], size: usize, wanted: u64) -> Option<usize> {
    let (mut low, mut high) = (0, table.len() / size);
    while low < high {
        let middle = usize::midpoint(low, high);
        if Cursor::new(row(table, size, middle)?).u64()? < wanted {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}
