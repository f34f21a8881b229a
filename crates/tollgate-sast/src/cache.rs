//! Results of files that did not change, kept between scans.
//!
//! Each scanner has one file: a header, a digest of what follows, then entries by key. A key stands for the
//! path and the contents of a file; the header for the rules and the engine. Anything unexpected makes
//! the cache start over. Writers replace the file as a whole, so that several processes may share it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tollgate_core::location::StepKind;
use tollgate_core::{
    FileEntry, Position, Region, RepoPath, SkipReason, SourceLocation, Suppression, SuppressionKind, Trace,
    TraceStep,
};

use crate::facts::FileFacts;
use crate::matching::Span;
use crate::project::{Crossed, Lacking};
use crate::scanner::file::FileResult;
use crate::scanner::finding::FileFinding;

const MAGIC: &[u8; 8] = b"tgsast04";
/// Entries that this scan did not use go when the file gets larger than this.
const MAX_BYTES: usize = 128 << 20;

/// Stands for the path and the contents of a file.
pub(crate) type Key = [u8; 16];

/// Kept results.
#[derive(Debug)]
pub(crate) struct Cache {
    path: PathBuf,
    rules: [u8; 32],
    old: Vec<u8>,
    entries: FxHashMap<Key, (usize, usize)>,
    fresh: Mutex<Vec<(Key, Vec<u8>)>>,
    used: Mutex<Vec<Key>>,
}

#[derive(Serialize, Deserialize)]
struct Entry(Vec<Kept>, bool, FileFacts, Lacking);

/// Flows through several files: findings by file, rules and files they replace, rules not followed to the end.
#[derive(Serialize, Deserialize)]
struct Across(Vec<(usize, Kept)>, Vec<(usize, usize)>, Vec<usize>);

#[derive(Serialize, Deserialize)]
struct Kept {
    r: u32,
    p: Place,
    m: String,
    s: Vec<String>,
    i: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    t: Option<Vec<Step>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    f: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct Step(u8, String, Place, String);

/// Bytes, then lines and columns, of start and end.
#[derive(Serialize, Deserialize)]
struct Place(u32, u32, u32, u32, u32, u32);

impl Cache {
    /// Opens the cache of a scanner in a folder for one set of rules.
    pub(crate) fn open(folder: &Path, scanner: &str, rules: [u8; 32]) -> Self {
        let path = folder.join(format!("{scanner}-results.bin"));
        let old = fs::read(&path).unwrap_or_default();
        let entries = index(&old, &rules).unwrap_or_default();
        let old = if entries.is_empty() { Vec::new() } else { old };
        Self { path, rules, old, entries, fresh: Mutex::default(), used: Mutex::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn key(path: &RepoPath, bytes: &[u8]) -> Key {
        let mut digest = Sha256::new();
        digest.update((path.as_str().len() as u64).to_le_bytes());
        digest.update(path.as_str().as_bytes());
        digest.update(bytes);
        let mut key = [0; 16];
        key.copy_from_slice(&digest.finalize()[..16]);
        key
    }

    /// The kept result of a file, if there is one and it can be read.
    pub(crate) fn get(&self, key: &Key, path: &RepoPath, bytes: u64) -> Option<FileResult> {
        let Entry(kept, partly, facts, lacking) = self.kept(key)?;
        let findings = kept.into_iter().map(|kept| thaw(kept, path)).collect::<Option<Vec<_>>>()?;
        Some(FileResult {
            findings,
            diagnostics: Vec::new(),
            skipped: partly.then_some(SkipReason::PartlyParsed),
            bytes,
            facts,
            lacking,
            seen: None,
            key: Some(*key),
        })
    }

    /// Keeps a result. Results with diagnostics or gaps are made anew each time.
    pub(crate) fn put(&self, key: Key, result: &FileResult) {
        let partly = result.skipped == Some(SkipReason::PartlyParsed);
        if !result.diagnostics.is_empty() || (result.skipped.is_some() && !partly) {
            return;
        }
        let kept = result.findings.iter().map(freeze).collect();
        self.keep(key, &Entry(kept, partly, result.facts.clone(), result.lacking.clone()));
    }

    /// Stands for all files together; `None` where one of them was not read.
    pub(crate) fn key_of_all(keys: impl Iterator<Item = Option<Key>>) -> Option<Key> {
        let mut digest = Sha256::new();
        for key in keys {
            digest.update(key?);
        }
        let mut all = [0; 16];
        all.copy_from_slice(&digest.finalize()[..16]);
        Some(all)
    }

    /// The kept flows through several files, if there are some and they can be read.
    pub(crate) fn crossed(&self, key: &Key, files: &[&FileEntry]) -> Option<Crossed> {
        let Across(findings, replaced, unfinished) = self.kept(key)?;
        let thaw_in = |(file, kept): (usize, Kept)| Some((file, thaw(kept, &files.get(file)?.path)?));
        let findings = findings.into_iter().map(thaw_in).collect::<Option<Vec<_>>>()?;
        let known = replaced.iter().all(|(_, file)| *file < files.len());
        known.then(|| Crossed {
            findings,
            replaced: replaced.into_iter().collect(),
            unfinished,
            broken: Vec::new(),
        })
    }

    /// Keeps the flows through several files, unless the engine broke down on one.
    pub(crate) fn keep_crossed(&self, key: Key, crossed: &Crossed) {
        if crossed.broken.is_empty() {
            let findings = crossed.findings.iter().map(|(file, finding)| (*file, freeze(finding))).collect();
            let replaced = crossed.replaced.iter().copied().collect();
            self.keep(key, &Across(findings, replaced, crossed.unfinished.clone()));
        }
    }

    /// What is kept under a key, if it can be read.
    pub(crate) fn kept<T: for<'k> Deserialize<'k>>(&self, key: &Key) -> Option<T> {
        let (start, end) = *self.entries.get(key)?;
        let value = serde_json::from_slice(&self.old[start..end]).ok()?;
        if let Ok(mut used) = self.used.lock() {
            used.push(*key);
        }
        Some(value)
    }

    /// Keeps a value under a key.
    pub(crate) fn keep<T: Serialize>(&self, key: Key, value: &T) {
        let Ok(bytes) = serde_json::to_vec(value) else { return };
        if let Ok(mut fresh) = self.fresh.lock() {
            fresh.push((key, bytes));
        }
    }

    /// Writes what is new. A cache that cannot be written is no fault.
    pub(crate) fn save(self) {
        let fresh = self.fresh.into_inner().unwrap_or_default();
        if fresh.is_empty() {
            return;
        }
        let mut entries: Vec<(Key, &[u8])> =
            self.entries.iter().map(|(key, (start, end))| (*key, &self.old[*start..*end])).collect();
        if self.old.len() > MAX_BYTES {
            let mut used = self.used.into_inner().unwrap_or_default();
            used.sort_unstable();
            entries.retain(|(key, _)| used.binary_search(key).is_ok());
        }
        entries.extend(fresh.iter().map(|(key, bytes)| (*key, &bytes[..])));
        entries.sort_by_key(|(key, _)| *key);
        entries.dedup_by_key(|(key, _)| *key);
        let mut body = Vec::new();
        for (key, bytes) in entries {
            let Ok(length) = u32::try_from(bytes.len()) else { continue };
            body.extend_from_slice(&key);
            body.extend_from_slice(&length.to_le_bytes());
            body.extend_from_slice(bytes);
        }
        let _ = replace(&self.path, &self.rules, &body);
    }
}

/// The beginning of a digest that stands for this build of the engine.
pub(crate) fn engine() -> Sha256 {
    let mut digest = Sha256::new();
    digest.update(env!("CARGO_PKG_VERSION"));
    // A rebuilt binary may find other things under the same version.
    if let Some(own) = std::env::current_exe().ok().and_then(|path| path.metadata().ok()) {
        digest.update(own.len().to_le_bytes());
        let modified = own.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        digest.update(modified.unwrap_or_default().as_nanos().to_le_bytes());
    }
    digest
}

fn replace(path: &Path, rules: &[u8; 32], body: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = fs::File::create(&temporary)?;
    file.write_all(MAGIC)?;
    file.write_all(rules)?;
    file.write_all(&Sha256::digest(body))?;
    file.write_all(body)?;
    drop(file);
    fs::rename(&temporary, path)
}

/// Where each entry stands; `None` when the file is not what it should be.
fn index(bytes: &[u8], rules: &[u8; 32]) -> Option<FxHashMap<Key, (usize, usize)>> {
    let body_at = MAGIC.len() + 64;
    let body = bytes.get(body_at..)?;
    if !bytes.starts_with(MAGIC) || &bytes[8..40] != rules || bytes[40..72] != *Sha256::digest(body) {
        return None;
    }
    let mut entries = FxHashMap::default();
    let mut at = 0;
    while at < body.len() {
        let key: Key = body.get(at..at + 16)?.try_into().ok()?;
        let length = u32::from_le_bytes(body.get(at + 16..at + 20)?.try_into().ok()?) as usize;
        let start = at + 20;
        body.get(start..start + length)?;
        entries.insert(key, (body_at + start, body_at + start + length));
        at = start + length;
    }
    Some(entries)
}

fn place(region: &Region) -> Place {
    let (start, end) = region.bytes().unwrap_or_default();
    Place(start, end, region.start().line, region.start().column, region.end().line, region.end().column)
}

fn region(place: &Place) -> Region {
    let start = Position { line: place.2, column: place.3 };
    let end = Position { line: place.4, column: place.5 };
    Region::new(start, end).with_bytes(place.0, place.1)
}

fn freeze(finding: &FileFinding) -> Kept {
    let step = |step: &TraceStep| {
        let kind = match step.kind {
            StepKind::Source => 0,
            StepKind::Step => 1,
            StepKind::Sink => 2,
        };
        Step(kind, step.location.path.to_string(), place(&step.location.region), step.message.clone())
    };
    Kept {
        r: u32::try_from(finding.rule).unwrap_or(u32::MAX),
        p: place(&finding.location.region),
        m: finding.message.clone(),
        s: finding.scope.clone(),
        i: finding.identity.clone(),
        t: finding.trace.as_ref().map(|trace| trace.steps().iter().map(step).collect()),
        f: finding.replacement.clone(),
        x: finding.suppression.as_ref().map(|own| own.justification.iter().cloned().collect()),
    }
}

fn thaw(kept: Kept, path: &RepoPath) -> Option<FileFinding> {
    let steps = match kept.t {
        None => Vec::new(),
        Some(steps) => steps
            .into_iter()
            .map(|Step(kind, path, at, message)| {
                let kind = match kind {
                    0 => StepKind::Source,
                    1 => StepKind::Step,
                    _ => StepKind::Sink,
                };
                let location = SourceLocation::new(RepoPath::new(path).ok()?, region(&at));
                Some(TraceStep { kind, location, message })
            })
            .collect::<Option<Vec<_>>>()?,
    };
    Some(FileFinding {
        rule: kept.r as usize,
        span: Span { start: kept.p.0, end: kept.p.1 },
        location: SourceLocation::new(path.clone(), region(&kept.p)),
        message: kept.m,
        scope: kept.s,
        identity: kept.i,
        trace: Trace::new(steps),
        replacement: kept.f,
        suppression: kept.x.map(|reason| Suppression {
            kind: SuppressionKind::Inline,
            justification: reason.into_iter().next(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> FileResult {
        let path = RepoPath::new("a.py").unwrap();
        let region = Region::of_bytes("ab\ncd", 3, 5);
        let finding = FileFinding {
            rule: 3,
            span: Span { start: 3, end: 5 },
            location: SourceLocation::new(path.clone(), region),
            message: "m".into(),
            scope: vec!["def f".into()],
            identity: "cd".into(),
            trace: Trace::new(vec![TraceStep {
                kind: StepKind::Source,
                location: SourceLocation::new(path, region),
                message: "here".into(),
            }]),
            replacement: Some("x".into()),
            suppression: Some(Suppression {
                kind: SuppressionKind::Inline,
                justification: Some("why".into()),
            }),
        };
        FileResult {
            findings: vec![finding],
            diagnostics: Vec::new(),
            skipped: None,
            bytes: 5,
            facts: FileFacts::default(),
            lacking: Lacking::default(),
            seen: None,
            key: None,
        }
    }

    #[test]
    fn keeps_results_and_survives_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = RepoPath::new("a.py").unwrap();
        let key = Cache::key(&path, b"ab\ncd");
        let cache = Cache::open(folder.path(), "sast", [1; 32]);
        assert!(cache.get(&key, &path, 5).is_none());
        cache.put(key, &result());
        cache.save();
        let again = Cache::open(folder.path(), "sast", [1; 32]);
        assert_eq!(again.get(&key, &path, 5).unwrap().findings, result().findings);
        assert!(Cache::open(folder.path(), "sast", [2; 32]).get(&key, &path, 5).is_none());
        let file = folder.path().join("sast-results.bin");
        let mut bytes = fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&file, &bytes).unwrap();
        assert!(Cache::open(folder.path(), "sast", [1; 32]).get(&key, &path, 5).is_none());
    }
}
