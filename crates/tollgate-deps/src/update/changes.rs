//! The list of changes of an ecosystem: `TIME,ID` a line, newest first.

use std::io::{Seek, Write};

use rustc_hash::FxHashSet;

use super::digest;
use crate::index::{Builder, IndexFile, stable_hash};
use crate::osv::read::seconds;

pub(super) struct Changes {
    /// SHA-256 of the list.
    pub(super) digest: String,
    entries: Vec<(i64, String)>,
}

impl Changes {
    /// Reads the list. Lines that are none are passed over: the archive is the authority.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let entries = text
            .lines()
            .filter_map(|line| {
                let (time, id) = line.trim().split_once(',')?;
                Some((seconds(time)?, id.to_owned()))
            })
            .filter(|(_, id)| is_plain(id))
            .collect();
        Self { digest: digest(bytes), entries }
    }

    /// Ids that the index does not have, or has in another version, sorted.
    pub(super) fn newer_than(&self, base: &IndexFile) -> Vec<&str> {
        let mut ids: Vec<&str> = self
            .entries
            .iter()
            .filter(|(time, id)| base.modified(id) != Some(*time))
            .map(|(_, id)| id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Hashes of ids that the index has and the list does not, sorted.
    pub(super) fn missing_from(&self, base: &IndexFile) -> Vec<u64> {
        let listed: FxHashSet<u64> = self.entries.iter().map(|(_, id)| stable_hash(id)).collect();
        let mut gone: Vec<u64> = base.own_ids().difference(&listed).copied().collect();
        gone.sort_unstable();
        gone
    }

    /// How many listed records a new index lacks.
    pub(super) fn not_in<W: Write + Seek>(&self, builder: &Builder<W>) -> usize {
        self.entries.iter().filter(|(_, id)| !builder.has(id)).count()
    }
}

/// Whether an id can be a file name and nothing more.
fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 200
        && !id.starts_with('.')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}
