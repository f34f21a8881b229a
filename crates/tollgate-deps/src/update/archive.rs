//! A zip of records, read entry by entry. An archive is refused as a whole when it is damaged or unpacks
//! to more than any honest one; nothing it says about its sizes is believed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

use tollgate_core::Cancel;
use zip::ZipArchive;
use zip::result::ZipError;

use super::MAX_RECORD;
use crate::index::Builder;

/// Most bytes all records may unpack to.
const MAX_UNPACKED: u64 = 16 << 30;
/// Bytes that may be unpacked whatever the size of the archive.
const FREE_UNPACKED: u64 = 64 << 20;
/// Beyond that, most bytes that one byte of the archive may unpack to. Records pack to a tenth at best.
const MAX_RATIO: u64 = 100;
const MAX_ENTRIES: usize = 5_000_000;

/// Why an archive is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    #[error("it is no whole zip archive: {0}")]
    Damaged(ZipError),
    #[error("its entry `{name}` is damaged: {source}")]
    Entry { name: String, source: ZipError },
    #[error("it unpacks to more than {0} bytes, as no archive of advisories does")]
    Bomb(u64),
    #[error("it has {0} entries, more than any archive of advisories")]
    TooMany(usize),
    #[error("it holds no advisory ({refused} records were refused)")]
    Empty { refused: u64 },
    #[error("it was not read to the end: cancelled")]
    Cancelled,
    #[error("the index cannot be written: {0}")]
    Write(io::Error),
}

pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    budget: u64,
}

impl Archive {
    pub(super) fn new(file: File) -> Result<Self, ArchiveError> {
        let packed = file.metadata().map_err(|error| ArchiveError::Damaged(error.into()))?.len();
        let zip = ZipArchive::new(BufReader::new(file)).map_err(ArchiveError::Damaged)?;
        if zip.len() > MAX_ENTRIES {
            return Err(ArchiveError::TooMany(zip.len()));
        }
        let budget = packed.saturating_mul(MAX_RATIO).clamp(FREE_UNPACKED, MAX_UNPACKED);
        Ok(Self { zip, budget })
    }

    /// Gives every record to the builder.
    pub(super) fn read_into<W: Write + Seek>(
        &mut self,
        builder: &mut Builder<W>,
        cancel: &Cancel,
    ) -> Result<(), ArchiveError> {
        let mut left = self.budget;
        let mut bytes = Vec::new();
        for at in 0..self.zip.len() {
            if at % 256 == 0 && cancel.is_cancelled() {
                return Err(ArchiveError::Cancelled);
            }
            let mut entry = self
                .zip
                .by_index(at)
                .map_err(|source| ArchiveError::Entry { name: format!("#{at}"), source })?;
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            if !entry.is_file() || !name.ends_with(".json") {
                continue;
            }
            bytes.clear();
            let limit = MAX_RECORD.min(left);
            let damaged = |source: io::Error| ArchiveError::Entry {
                name: name.clone(),
                source: ZipError::from(source),
            };
            let read = (&mut entry).take(limit + 1).read_to_end(&mut bytes).map_err(damaged)? as u64;
            if read > left {
                return Err(ArchiveError::Bomb(self.budget));
            }
            left -= read;
            if read > MAX_RECORD {
                builder.refuse(&name, "it is larger than any advisory");
                continue;
            }
            builder.add(&name, &bytes).map_err(ArchiveError::Write)?;
        }
        Ok(())
    }
}
