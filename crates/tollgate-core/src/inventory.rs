//! The files of the scanned tree.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::coverage::Skipped;
use crate::language::Language;
use crate::path::RepoPath;

/// A file of the scanned tree that some scanner may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path for identity and display.
    pub path: RepoPath,
    /// Its path for opening.
    pub absolute: PathBuf,
    /// Size in bytes when the tree was walked.
    pub size: u64,
    /// Language by name or shebang, where recognised.
    pub language: Option<Language>,
    /// Whether the file differs from the `--since` revision; true for every file without `--since`.
    pub changed: bool,
    /// Whether text detection called it minified or generated: rules over code skip it, lockfile
    /// readers do not.
    pub generated: bool,
}

/// The files of the scanned tree, walked once and shared by all scanners.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    root: PathBuf,
    files: Arc<[FileEntry]>,
    skipped: Vec<Skipped>,
}

impl Inventory {
    /// An inventory of `files` below `root`; sorts them by path.
    #[must_use]
    pub fn new(root: PathBuf, mut files: Vec<FileEntry>, mut skipped: Vec<Skipped>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        skipped.sort();
        skipped.dedup();
        Self { root, files: files.into(), skipped }
    }

    /// The scanned tree's root folder, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Files sorted by path.
    #[must_use]
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// What the walk passed over, sorted.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }
}
