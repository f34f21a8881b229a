//! Brings the local index up to date from a bucket with the layout of the public OSV one, over HTTP or
//! from a directory: `ecosystems.txt`, `<ECOSYSTEM>/modified_id.csv`, `<ECOSYSTEM>/all.zip` and single
//! `<ECOSYSTEM>/<ID>.json`. What fails is named and leaves the old data as they were.

mod archive;
mod changes;
mod source;
mod write;

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tollgate_core::Cancel;

pub use source::Source;

use crate::feeds;
use crate::graph::Ecosystem;
use crate::index::{Builder, Description, IndexFile, base_path, increment_path};
use archive::Archive;
use changes::Changes;
use source::{FetchError, Reader};

/// The public bucket.
pub const PUBLIC_BUCKET: &str = "https://osv-vulnerabilities.storage.googleapis.com/";

/// Most records that are fetched one by one; with more changes the whole archive is quicker.
const MAX_INCREMENT: usize = 256;
const MAX_LIST: u64 = 1 << 20;
const MAX_CHANGES: u64 = 256 << 20;
const MAX_ARCHIVE: u64 = 2 << 30;
const MAX_RECORD: u64 = 16 << 20;
const MAX_FEED: u64 = 256 << 20;

/// What to bring up to date, and from where.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// Where the bucket is.
    pub from: Source,
    /// Only these; `None` for all that the bucket offers.
    pub ecosystems: Option<Vec<Ecosystem>>,
    /// Where the index is; made where it is missing.
    pub index_dir: PathBuf,
    /// CISA's list of known exploited vulnerabilities (JSON), where wanted.
    pub kev: Option<Source>,
    /// EPSS scores (CSV, plain or gzipped), where wanted.
    pub epss: Option<Source>,
    /// Seconds since 1970.
    pub now: i64,
    /// Ends the update between two steps.
    pub cancel: Cancel,
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateReport {
    /// Each ecosystem, in fixed order.
    pub ecosystems: Vec<(Ecosystem, Outcome)>,
    /// CVE ids in the feed of known exploited vulnerabilities, or why it was not updated.
    pub kev: Option<Result<usize, String>>,
    /// CVE ids in the feed of probabilities, or why it was not updated.
    pub epss: Option<Result<usize, String>>,
}

impl UpdateReport {
    /// Whether something that was asked for was not done.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let failed = |feed: &Option<Result<usize, String>>| matches!(feed, Some(Err(_)));
        self.ecosystems.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
            || failed(&self.kev)
            || failed(&self.epss)
    }
}

/// What became of an ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing changed since the last update.
    Unchanged,
    /// A few records changed and were fetched one by one.
    Increment {
        /// Records that were added or changed since the archive was read.
        changed: usize,
        /// Records that are gone.
        removed: usize,
        /// What the fetched records hold.
        records: RecordCounts,
    },
    /// The whole archive was read.
    Rebuilt(RecordCounts),
    /// It could not be updated; older data stay in use.
    Failed(String),
}

/// How the records of an archive fared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordCounts {
    /// Those that can match.
    pub advisories: u64,
    /// Those withdrawn by their authors.
    pub withdrawn: u64,
    /// Those that could not be understood.
    pub refused: u64,
    /// Those of which a part was left out.
    pub faulty: u64,
    /// Some of the last two, each with the reason.
    pub named: Vec<String>,
    /// Those that the list of changes names and the archive lacks.
    pub missing: usize,
}

impl RecordCounts {
    fn new(description: &Description, missing: usize) -> Self {
        Self {
            advisories: description.advisories,
            withdrawn: description.withdrawn,
            refused: description.refused,
            faulty: description.faulty,
            named: description.named.clone(),
            missing,
        }
    }
}

/// Why nothing could be updated.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The directory of the index cannot be used.
    #[error("the index directory {} cannot be used: {source}", dir.display())]
    Directory {
        /// Which.
        dir: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another update is under way.
    #[error("another update of {} is under way", dir.display())]
    Busy {
        /// Which directory it has locked.
        dir: PathBuf,
    },
    /// The bucket cannot be reached, or is none.
    #[error("the advisories of {from} cannot be had: {reason}")]
    Unreachable {
        /// Which.
        from: String,
        /// Why.
        reason: String,
    },
    /// The update was ended early; what was finished stays.
    #[error("the update was cancelled")]
    Cancelled,
}

impl UpdateError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Directory { .. } => "check its permissions, or name another directory",
            Self::Busy { .. } => "wait until it is done",
            Self::Unreachable { .. } => {
                "check the network, or give `--from` a mirror or a directory with a copy"
            }
            Self::Cancelled => "run it again; what was finished is kept",
        }
    }
}

/// Brings the index up to date.
///
/// # Errors
/// When nothing at all could be done. What failed for a single ecosystem or feed is in the report.
pub fn update(options: &UpdateOptions) -> Result<UpdateReport, UpdateError> {
    let dir = &options.index_dir;
    let directory = |source| UpdateError::Directory { dir: dir.clone(), source };
    std::fs::create_dir_all(dir).map_err(directory)?;
    let lock = File::create(dir.join("update.lock")).map_err(directory)?;
    lock.try_lock().map_err(|_| UpdateError::Busy { dir: dir.clone() })?;
    write::remove_leftovers(dir).map_err(directory)?;

    let reader = Reader::new(&options.from, options.cancel.clone()).map_err(|error| {
        UpdateError::Unreachable { from: options.from.to_string(), reason: error.to_string() }
    })?;
    let mut report = UpdateReport::default();
    for (ecosystem, offered) in wanted(options, &reader)? {
        if options.cancel.is_cancelled() {
            return Err(UpdateError::Cancelled);
        }
        let outcome = if offered {
            let updated = Update { options, reader: &reader, ecosystem }.run();
            updated.unwrap_or_else(|error| Outcome::Failed(error.to_string()))
        } else {
            Outcome::Failed("the source does not offer it".to_owned())
        };
        report.ecosystems.push((ecosystem, outcome));
    }
    let feed = |source: &Option<Source>, parse: FeedParser, path: PathBuf| {
        source
            .as_ref()
            .map(|source| update_feed(options, source, parse, path).map_err(|error| error.to_string()))
    };
    report.kev = feed(&options.kev, feeds::read_kev, feeds::kev_path(dir));
    report.epss = feed(&options.epss, feeds::read_epss, feeds::epss_path(dir));
    if options.cancel.is_cancelled() {
        return Err(UpdateError::Cancelled);
    }
    Ok(report)
}

/// The ecosystems to update, and whether the bucket says that it has them.
fn wanted(options: &UpdateOptions, reader: &Reader) -> Result<Vec<(Ecosystem, bool)>, UpdateError> {
    let unreachable = |reason: String| UpdateError::Unreachable { from: options.from.to_string(), reason };
    let offered: BTreeSet<Ecosystem> = match reader.read("ecosystems.txt", MAX_LIST) {
        Ok(bytes) => String::from_utf8_lossy(&bytes)
            .lines()
            .filter_map(|line| Ecosystem::parse_osv(line.trim()).map(|(ecosystem, _)| ecosystem))
            .collect(),
        // A mirror may do without the list.
        Err(FetchError::NotFound) => Ecosystem::ALL
            .into_iter()
            .filter(|ecosystem| reader.exists(&format!("{ecosystem}/all.zip")))
            .collect(),
        Err(FetchError::Cancelled) => return Err(UpdateError::Cancelled),
        Err(error) => return Err(unreachable(error.to_string())),
    };
    if offered.is_empty() {
        return Err(unreachable("it offers no ecosystem that is known here".to_owned()));
    }
    Ok(match &options.ecosystems {
        Some(wanted) => {
            let wanted: BTreeSet<Ecosystem> = wanted.iter().copied().collect();
            wanted.into_iter().map(|ecosystem| (ecosystem, offered.contains(&ecosystem))).collect()
        }
        None => offered.into_iter().map(|ecosystem| (ecosystem, true)).collect(),
    })
}

/// Why an ecosystem or feed could not be updated.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error("{path}: {source}")]
    Fetch { path: String, source: FetchError },
    #[error("{path}: {source}")]
    Archive { path: String, source: archive::ArchiveError },
    #[error("{0}")]
    Feed(#[from] feeds::FeedError),
    #[error("the index cannot be written: {0}")]
    Write(#[from] io::Error),
}

struct Update<'a> {
    options: &'a UpdateOptions,
    reader: &'a Reader,
    ecosystem: Ecosystem,
}

impl Update<'_> {
    fn run(&self) -> Result<Outcome, StepError> {
        let path = format!("{}/modified_id.csv", self.ecosystem);
        let changes = match self.reader.read(&path, MAX_CHANGES) {
            Ok(bytes) => Some(Changes::read(&bytes)),
            Err(FetchError::NotFound) => None,
            Err(source) => return Err(StepError::Fetch { path, source }),
        };
        // An index that cannot be opened is as good as none.
        let base = IndexFile::open(&base_path(&self.options.index_dir, self.ecosystem)).ok().flatten();
        if let (Some(base), Some(changes)) = (&base, &changes)
            && base.verify().is_ok()
            && let Some(outcome) = self.catch_up(base, changes)?
        {
            return Ok(outcome);
        }
        self.rebuild(changes.as_ref())
    }

    /// Does with the few records that changed, where that is possible.
    fn catch_up(&self, base: &IndexFile, changes: &Changes) -> Result<Option<Outcome>, StepError> {
        let Ok(description) = base.description() else { return Ok(None) };
        if description.source != self.options.from.to_string() {
            return Ok(None);
        }
        let increment =
            IndexFile::open(&increment_path(&self.options.index_dir, self.ecosystem)).ok().flatten();
        let increment =
            increment.and_then(|file| file.description().ok()).filter(|found| found.base == base.identity());
        let newest = increment.as_ref().unwrap_or(&description);
        if newest.changes == changes.digest {
            write::mark_checked(&self.options.index_dir, self.ecosystem, self.options.now)?;
            return Ok(Some(Outcome::Unchanged));
        }
        let changed: Vec<&str> = changes.newer_than(base);
        let removed = changes.missing_from(base);
        if changed.len() + removed.len() > MAX_INCREMENT || removed.len() as u64 > description.advisories / 2
        {
            return Ok(None);
        }
        let paths: Vec<String> = changed.iter().map(|id| format!("{}/{id}.json", self.ecosystem)).collect();
        let Some(records) = self.reader.read_all(&paths, MAX_RECORD) else { return Ok(None) };
        let out = write::Temporary::new(&self.options.index_dir)?;
        let mut builder = Builder::new(out, self.ecosystem)?;
        for (id, bytes) in changed.iter().zip(&records) {
            builder.add(id, bytes)?;
        }
        let (out, built) = builder.finish(|description| {
            self.describe(description, Some(changes));
            description.base = base.identity();
            description.removed_hashes.clone_from(&removed);
        })?;
        out.replace(&increment_path(&self.options.index_dir, self.ecosystem))?;
        Ok(Some(Outcome::Increment {
            changed: changed.len(),
            removed: removed.len(),
            records: RecordCounts::new(&built, 0),
        }))
    }

    fn rebuild(&self, changes: Option<&Changes>) -> Result<Outcome, StepError> {
        let path = format!("{}/all.zip", self.ecosystem);
        let dir = &self.options.index_dir;
        let file = match self.reader.open(&path, MAX_ARCHIVE, dir) {
            Ok(file) => file,
            Err(source) => return Err(StepError::Fetch { path, source }),
        };
        let archive_error = |source| StepError::Archive { path: path.clone(), source };
        let mut archive = Archive::new(file).map_err(archive_error)?;
        let mut builder = Builder::new(write::Temporary::new(dir)?, self.ecosystem)?;
        archive.read_into(&mut builder, &self.options.cancel).map_err(archive_error)?;
        drop(archive);
        let missing = changes.map_or(0, |changes| changes.not_in(&builder));
        let (out, built) = builder.finish(|description| self.describe(description, changes))?;
        if built.advisories + built.withdrawn == 0 {
            return Err(archive_error(archive::ArchiveError::Empty { refused: built.refused }));
        }
        out.replace(&base_path(dir, self.ecosystem))?;
        // It belongs to the base that was just replaced; left behind by a crash it is ignored.
        write::remove(&increment_path(dir, self.ecosystem))?;
        Ok(Outcome::Rebuilt(RecordCounts::new(&built, missing)))
    }

    fn describe(&self, description: &mut Description, changes: Option<&Changes>) {
        description.source = self.options.from.to_string();
        description.built_at = self.options.now;
        description.changes = changes.map(|changes| changes.digest.clone()).unwrap_or_default();
    }
}

/// Reads a feed.
type FeedParser = fn(&[u8]) -> Result<feeds::Rows, feeds::FeedError>;

fn update_feed(
    options: &UpdateOptions,
    source: &Source,
    parse: FeedParser,
    path: PathBuf,
) -> Result<usize, StepError> {
    let fetch = |error| StepError::Fetch { path: source.to_string(), source: error };
    let bytes = source::read_single(source, MAX_FEED, &options.cancel).map_err(fetch)?;
    let rows = parse(&bytes)?;
    let mut out = write::Temporary::new(&options.index_dir)?;
    io::Write::write_all(&mut out, &feeds::encode(&rows, options.now))?;
    out.replace(&path)?;
    Ok(rows.len())
}

/// SHA-256 in hexadecimal.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
