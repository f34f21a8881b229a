//! The dependency scanner: finds lockfiles, reads them, asks the index and says what to do.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tollgate_core::facts::Package;
use tollgate_core::{
    Diagnostic, DiagnosticLevel, Event, Inventory, Region, RepoPath, ScanContext, Scanner, ScannerId,
    ScannerOutcome, SettingLine, SkipReason, Skipped, SourceLocation,
};

use crate::findings::{Check, findings_of};
use crate::graph::{Ecosystem, Lockfile, Provenance};
use crate::index::{Index, IndexError};
use crate::licence::LicencePolicy;
use crate::manifest::{self, Format, MAX_FILE_SIZE, Memo, Neighbours};
use crate::vex::VexStatements;

/// Largest neighbour, such as a manifest, that is consulted.
const MAX_NEIGHBOUR_SIZE: u64 = 16 * 1024 * 1024;

/// What the scanner is told.
#[derive(Debug, Clone)]
pub struct DepsSettings {
    /// Folder of the advisory index.
    pub index_dir: PathBuf,
    /// Leave out what is only for development and tests.
    pub ignore_dev: bool,
    /// Never use the network. The scanner itself never does; this only changes its advice.
    pub offline: bool,
    /// Age of the index from which on the scan warns; from twice that age on it is incomplete.
    pub max_age: Duration,
    /// Licences that may or may not be used.
    pub licences: Option<LicencePolicy>,
    /// OpenVEX documents.
    pub vex: Vec<PathBuf>,
    /// The settings as text, for the plan.
    pub lines: Vec<SettingLine>,
}

/// The scanner `deps`.
#[derive(Debug, Clone)]
pub struct DepsScanner {
    settings: DepsSettings,
}

impl DepsScanner {
    /// A scanner with these settings.
    #[must_use]
    pub const fn new(settings: DepsSettings) -> Self {
        Self { settings }
    }
}

impl Scanner for DepsScanner {
    fn id(&self) -> ScannerId {
        ScannerId::new(ScannerId::DEPS)
    }

    fn describe(&self) -> Vec<SettingLine> {
        self.settings.lines.clone()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let started = Instant::now();
        let mut outcome = ScannerOutcome::empty(self.id());
        let tree = Tree::new(cx.inventory);
        let lockfiles = self.read_lockfiles(cx, &tree, &mut outcome);
        let now = seconds_since_1970();
        let (index, about_index) = open_index(&self.settings, now);
        if lockfiles.iter().any(|(_, lockfile)| !lockfile.packages.is_empty()) {
            outcome.diagnostics.extend(about_index);
            outcome.diagnostics.extend(uncovered(&index, &lockfiles));
        }
        let vex = read_vex(&self.settings.vex, &mut outcome.diagnostics);
        let text_of = |path: &RepoPath| tree.text(path);
        let check = Check {
            index: &index,
            ignore_dev: self.settings.ignore_dev,
            licences: self.settings.licences.as_ref(),
            vex: &vex,
            stop: &|| cx.cancel.is_cancelled(),
            text_of: &text_of,
        };
        for (format, lockfile) in &lockfiles {
            if stop(cx, &mut outcome) {
                break;
            }
            outcome.facts.packages.extend(facts(lockfile));
            if let Err(error) =
                findings_of(&check, *format, lockfile, &mut outcome.findings, &mut outcome.rules)
            {
                let message = format!("could not check {}: {error}", lockfile.path);
                outcome.diagnostics.push(
                    Diagnostic::new(DiagnosticLevel::Error, message)
                        .hint(error.hint())
                        .at(lockfile.path.clone(), None),
                );
            }
        }
        stop(cx, &mut outcome);
        for (_, lockfile) in lockfiles {
            outcome.diagnostics.extend(lockfile.diagnostics);
        }
        outcome.diagnostics.extend(without_lockfile(cx.inventory));
        outcome.facts.packages.sort();
        outcome.rules.sort_by(|a, b| a.id.cmp(&b.id));
        outcome.rules.dedup_by(|a, b| a.id == b.id);
        outcome.diagnostics.sort();
        outcome.diagnostics.dedup();
        outcome.coverage.skipped.sort();
        outcome.coverage.skipped.dedup();
        outcome.elapsed = started.elapsed();
        outcome
    }
}

impl DepsScanner {
    fn read_lockfiles(
        &self,
        cx: &ScanContext<'_>,
        tree: &Tree<'_>,
        outcome: &mut ScannerOutcome,
    ) -> Vec<(Format, Lockfile)> {
        let memo = Memo::default();
        let read = |path: &RepoPath| tree.text(path);
        let near = Neighbours { paths: &tree.paths, read: &read, memo: &memo };
        let mut pending: VecDeque<(Format, RepoPath)> = tree
            .paths
            .iter()
            .filter_map(|path| Format::of(path).map(|format| (format, path.clone())))
            .filter(|(format, path)| !format.is_superseded(path, &near))
            .collect();
        let total = u64::try_from(pending.len()).ok();
        cx.events.emit(Event::Started { scanner: self.id(), total });
        let mut seen: BTreeSet<RepoPath> = pending.iter().map(|(_, path)| path.clone()).collect();
        let mut lockfiles = Vec::new();
        while let Some((format, path)) = pending.pop_front() {
            if stop(cx, outcome) {
                break;
            }
            let Some(bytes) = tree.bytes(&path, outcome) else { continue };
            let lockfile = manifest::read(format, &path, &bytes, &near);
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            outcome.coverage.examined += 1;
            outcome.coverage.bytes += size;
            cx.events.emit(Event::Progress { scanner: self.id(), units: 1, bytes: size });
            for include in &lockfile.includes {
                if seen.insert(include.clone()) {
                    pending.push_back((format, include.clone()));
                }
            }
            lockfiles.push((format, lockfile));
        }
        lockfiles.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        lockfiles
    }
}

/// Whether to end now; says so once.
fn stop(cx: &ScanContext<'_>, outcome: &mut ScannerOutcome) -> bool {
    let cancelled = cx.cancel.is_cancelled();
    let message = "ended before every lockfile was checked";
    if cancelled && !outcome.diagnostics.iter().any(|known| known.message == message) {
        outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message));
    }
    cancelled
}

/// The scanned tree with the lockfiles that are too large for rules but not for us.
struct Tree<'a> {
    inventory: &'a Inventory,
    paths: Vec<RepoPath>,
    texts: RefCell<HashMap<RepoPath, Option<Arc<str>>>>,
}

impl<'a> Tree<'a> {
    fn new(inventory: &'a Inventory) -> Self {
        let large = inventory
            .skipped()
            .iter()
            .filter(|skipped| matches!(skipped.reason, SkipReason::TooLarge | SkipReason::Minified))
            .map(|skipped| skipped.path.clone())
            .filter(|path| Format::of(path).is_some());
        let mut paths: Vec<RepoPath> =
            inventory.files().iter().map(|file| file.path.clone()).chain(large).collect();
        paths.sort();
        paths.dedup();
        Self { inventory, paths, texts: RefCell::default() }
    }

    fn absolute(&self, path: &RepoPath) -> PathBuf {
        match self.inventory.files().binary_search_by(|file| file.path.cmp(path)) {
            Ok(at) => self.inventory.files()[at].absolute.clone(),
            Err(_) => path.to_path(self.inventory.root()),
        }
    }

    /// The bytes of a lockfile; says why where there are none.
    fn bytes(&self, path: &RepoPath, outcome: &mut ScannerOutcome) -> Option<Vec<u8>> {
        let (message, reason) = match read_bounded(&self.absolute(path), MAX_FILE_SIZE) {
            Ok(Some(bytes)) => return Some(bytes),
            Ok(None) => {
                let limit = MAX_FILE_SIZE / (1024 * 1024);
                (format!("could not read {path}: larger than {limit} MiB"), SkipReason::TooLarge)
            }
            Err(error) => (format!("could not read {path}: {error}"), SkipReason::Unreadable),
        };
        outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message).at(path.clone(), Some(1)));
        outcome.coverage.skipped.push(Skipped { path: path.clone(), reason });
        None
    }

    fn text(&self, path: &RepoPath) -> Option<Arc<str>> {
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let text = read_bounded(&self.absolute(path), MAX_NEIGHBOUR_SIZE)
            .ok()
            .flatten()
            .and_then(|bytes| manifest::decode(&bytes).readings.into_iter().next())
            .map(Arc::from);
        self.texts.borrow_mut().insert(path.clone(), text.clone());
        text
    }
}

/// The bytes of a file; `None` where there are more than `limit`.
fn read_bounded(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((u64::try_from(bytes.len()).unwrap_or(u64::MAX) <= limit).then_some(bytes))
}

fn seconds_since_1970() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or(0)
}

/// The index, or the built-in set in its place, and what has to be said about it.
fn open_index(settings: &DepsSettings, now: i64) -> (Index, Vec<Diagnostic>) {
    match Index::open(&settings.index_dir) {
        Ok(index) => {
            let about = staleness(&index, settings, now).into_iter().collect();
            (index, about)
        }
        Err(error) => {
            let message = match &error {
                IndexError::Missing { .. } => {
                    "there is no advisory index: only a small built-in set of notorious advisories was checked"
                        .to_owned()
                }
                _ => format!("only a small built-in set of notorious advisories was checked: {error}"),
            };
            (Index::builtin(), vec![Diagnostic::new(DiagnosticLevel::Error, message).hint(error.hint())])
        }
    }
}

fn staleness(index: &Index, settings: &DepsSettings, now: i64) -> Option<Diagnostic> {
    const DAY: u64 = 24 * 60 * 60;
    let age = index.age(now)?;
    let limit = settings.max_age.as_secs();
    if age <= limit {
        return None;
    }
    let level = if age > limit.saturating_mul(2) { DiagnosticLevel::Error } else { DiagnosticLevel::Warning };
    let message = format!("the advisory index is {} days old, the limit is {} days", age / DAY, limit / DAY);
    let hint = if settings.offline {
        "bring a newer one with `tollgate advisories update --from DIR`"
    } else {
        "run `tollgate advisories update`"
    };
    Some(Diagnostic::new(level, message).hint(hint))
}

/// Ecosystems with packages but without advisories.
fn uncovered(index: &Index, lockfiles: &[(Format, Lockfile)]) -> Vec<Diagnostic> {
    if index.is_builtin() {
        return Vec::new();
    }
    let mut missing: BTreeMap<Ecosystem, usize> = BTreeMap::new();
    for package in lockfiles.iter().flat_map(|(_, lockfile)| &lockfile.packages) {
        let ecosystem = package.key.ecosystem();
        let checked = package.provenance != Provenance::Local && package.version.is_some();
        if checked && !index.covers(ecosystem) {
            *missing.entry(ecosystem).or_default() += 1;
        }
    }
    missing
        .into_iter()
        .map(|(ecosystem, count)| {
            // No public database has an archive of this ecosystem.
            let level = if ecosystem == Ecosystem::ConanCenter {
                DiagnosticLevel::Warning
            } else {
                DiagnosticLevel::Error
            };
            let message =
                format!("the index has no advisories for {ecosystem}: {count} packages were not checked");
            Diagnostic::new(level, message)
                .hint(format!("run `tollgate advisories update --ecosystem '{ecosystem}'`"))
        })
        .collect()
}

fn read_vex(files: &[PathBuf], diagnostics: &mut Vec<Diagnostic>) -> VexStatements {
    let mut statements = VexStatements::default();
    for file in files {
        let read =
            read_bounded(file, MAX_NEIGHBOUR_SIZE).map_err(|error| error.to_string()).and_then(|bytes| {
                let bytes = bytes.ok_or_else(|| "too large".to_owned())?;
                let text = manifest::decode(&bytes).readings.into_iter().next().unwrap_or_default();
                statements.add(&text).map_err(|error| error.to_string())
            });
        if let Err(error) = read {
            let message = format!("could not read the VEX document {}: {error}", file.display());
            diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message));
        }
    }
    statements
}

/// The packages of a lockfile as the report's bill of materials shows them.
fn facts(lockfile: &Lockfile) -> Vec<Package> {
    let purls: Vec<String> = lockfile.packages.iter().map(crate::graph::ResolvedPackage::purl).collect();
    let mut packages: Vec<Package> = lockfile
        .packages
        .iter()
        .enumerate()
        .filter(|(_, package)| package.provenance != Provenance::Local)
        .map(|(idx, package)| {
            let mut dependencies: Vec<String> = package
                .edges
                .iter()
                .filter(|&&edge| lockfile.packages[edge].provenance != Provenance::Local)
                .map(|&edge| purls[edge].clone())
                .collect();
            dependencies.sort();
            dependencies.dedup();
            Package {
                location: SourceLocation::new(lockfile.path.clone(), Region::line(package.line)),
                ecosystem: package.key.ecosystem().osv_name().to_owned(),
                name: package.name.clone(),
                version: package.version.clone(),
                purl: purls[idx].clone(),
                direct: package.direct,
                usage: package.usage,
                licence: package.licence.clone(),
                dependencies,
            }
        })
        .collect();
    packages.sort();
    packages.dedup();
    packages
}

/// Manifests that declare dependencies without a lockfile beside or above them.
fn without_lockfile(inventory: &Inventory) -> Vec<Diagnostic> {
    const MANIFESTS: [(&str, &[&str]); 7] = [
        ("Cargo.toml", &["Cargo.lock"]),
        ("Gemfile", &["Gemfile.lock"]),
        ("Pipfile", &["Pipfile.lock"]),
        ("composer.json", &["composer.lock"]),
        ("mix.exs", &["mix.lock"]),
        (
            "package.json",
            &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"],
        ),
        ("pubspec.yaml", &["pubspec.lock"]),
    ];
    let has = |path: &RepoPath| {
        inventory.files().binary_search_by(|file| file.path.cmp(path)).is_ok()
            || inventory.skipped().iter().any(|skipped| skipped.path == *path)
    };
    let mut found = Vec::new();
    for (name, locks) in MANIFESTS {
        let mut open: Vec<&RepoPath> = Vec::new();
        for file in inventory.files().iter().filter(|file| file.path.file_name() == name) {
            let mut folder = file.path.parent();
            let locked = loop {
                if locks.iter().any(|lock| folder.join(lock).is_ok_and(|path| has(&path))) {
                    break true;
                }
                if folder.as_str().is_empty() {
                    break false;
                }
                folder = folder.parent();
            };
            if !locked && !file.path.as_str().split('/').any(|part| part == "node_modules") {
                open.push(&file.path);
            }
        }
        if let Some(first) = open.first() {
            let message = format!(
                "{} {name} without a lockfile, the first is {first}: their dependencies were not checked",
                open.len()
            );
            found.push(
                Diagnostic::new(DiagnosticLevel::Warning, message)
                    .hint("commit the lockfile that the package manager writes")
                    .at((*first).clone(), Some(1)),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests;
