//! Revisions of the scanned repository, read from its object database. The work tree, the index and
//! every reference stay as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::object::tree::EntryKind;
use rustc_hash::FxHashMap;
use tollgate_core::report::Revision;
use tollgate_core::{Cancel, Inventory, RepoPath};

const MAX_FILES: usize = 400_000;
const MAX_BYTES: u64 = 4 << 30;
const MAX_FILE_BYTES: u64 = 64 << 20;
const MAX_PATH_BYTES: usize = 4096;

/// Why a revision could not be used.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// The scanned folder lies in no repository.
    #[error("find a git repository at or above `{}`", root.display())]
    NoRepository {
        /// The folder.
        root: PathBuf,
        /// What gix said.
        reason: String,
    },
    /// The revision names nothing.
    #[error("find the revision `{revision}`: {reason}")]
    Unknown {
        /// The revision as the user wrote it.
        revision: String,
        /// What gix said.
        reason: String,
    },
    /// Objects of the revision could not be read.
    #[error("read the revision `{revision}`: {reason}")]
    Unreadable {
        /// The revision as the user wrote it.
        revision: String,
        /// What went wrong.
        reason: String,
    },
    /// The revision is larger than what is written out.
    #[error("read the revision `{revision}`: it holds more than {limit}")]
    TooLarge {
        /// The revision as the user wrote it.
        revision: String,
        /// The limit.
        limit: &'static str,
    },
    /// The copy could not be written.
    #[error("write a copy of the revision `{revision}`")]
    Write {
        /// The revision as the user wrote it.
        revision: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The work was cancelled.
    #[error("read the revision `{revision}`: interrupted")]
    Cancelled {
        /// The revision as the user wrote it.
        revision: String,
    },
}

/// The files of a revision, against which `--since` compares.
#[derive(Debug, Clone)]
pub struct Since {
    revision: String,
    files: FxHashMap<RepoPath, ObjectId>,
}

impl Since {
    /// The files below `root` in the merge base of `revision` and `HEAD`, so that what others changed
    /// on the target branch meanwhile does not count as changed here. Where there is no merge base, in
    /// `revision` itself.
    ///
    /// # Errors
    /// When there is no repository or no such revision.
    pub fn read(root: &Path, revision: &str, cancel: &Cancel) -> Result<Self, RevisionError> {
        let opened = Opened::at(root)?;
        let named = opened.commit(revision)?;
        let base = opened
            .repository
            .head_id()
            .ok()
            .and_then(|head| opened.repository.merge_base(head.detach(), named).ok().flatten())
            .map_or(named, gix::Id::detach);
        let mut files = FxHashMap::default();
        opened.each_file(revision, base, cancel, &mut |path, id| {
            files.insert(path, id);
            Ok(())
        })?;
        Ok(Self { revision: revision.to_owned(), files })
    }

    /// The revision as the user wrote it.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whether the file on disk differs from the revision, or is not in it. A file that cannot be read
    /// counts as changed.
    #[must_use]
    pub fn is_changed(&self, path: &RepoPath, absolute: &Path) -> bool {
        let Some(id) = self.files.get(path) else { return true };
        let Ok(content) = fs::read(absolute) else { return true };
        blob_id(&content) != Some(*id)
    }

    /// Files that moved unaltered since the revision, from old to new path. A path that several files of
    /// the same content could have moved to goes to the one whose name is the same, else the first.
    #[must_use]
    pub fn renames(&self, inventory: &Inventory) -> BTreeMap<RepoPath, RepoPath> {
        let present: BTreeSet<&RepoPath> = inventory.files().iter().map(|file| &file.path).collect();
        let mut gone: BTreeMap<ObjectId, Vec<&RepoPath>> = BTreeMap::new();
        let mut missing: Vec<_> = self.files.iter().filter(|(path, _)| !present.contains(path)).collect();
        missing.sort();
        for (path, id) in missing {
            gone.entry(*id).or_default().push(path);
        }
        let mut renames = BTreeMap::new();
        if gone.is_empty() {
            return renames;
        }
        let added = inventory.files().iter().filter(|file| !self.files.contains_key(&file.path));
        for file in added {
            let Some(id) = fs::read(&file.absolute).ok().and_then(|content| blob_id(&content)) else {
                continue;
            };
            let Some(old) = gone.get_mut(&id).filter(|old| !old.is_empty()) else { continue };
            let same_name = old.iter().position(|path| path.file_name() == file.path.file_name());
            let old = old.remove(same_name.unwrap_or(0));
            renames.insert(old.clone(), file.path.clone());
        }
        renames
    }
}

/// A copy of a revision's files in a temporary folder, removed when dropped.
#[derive(Debug)]
pub struct RevisionTree {
    folder: tempfile::TempDir,
    commit: String,
}

impl RevisionTree {
    /// Copies what `revision` holds below `root` out of the object database. Links and submodules are
    /// left out; files larger than 64 MiB are too.
    ///
    /// # Errors
    /// When there is no repository or no such revision, or when the copy fails.
    pub fn copy(root: &Path, revision: &str, cancel: &Cancel) -> Result<Self, RevisionError> {
        let opened = Opened::at(root)?;
        let commit = opened.commit(revision)?;
        let write_error = |source| RevisionError::Write { revision: revision.to_owned(), source };
        let folder = tempfile::Builder::new().prefix("tollgate-revision-").tempdir().map_err(write_error)?;
        let mut bytes = 0;
        opened.each_file(revision, commit, cancel, &mut |path, id| {
            let unreadable =
                |reason: String| RevisionError::Unreadable { revision: revision.to_owned(), reason };
            let header = opened.repository.find_header(id).map_err(|error| unreadable(error.to_string()))?;
            if header.size() > MAX_FILE_BYTES {
                return Ok(());
            }
            bytes += header.size();
            if bytes > MAX_BYTES {
                return Err(RevisionError::TooLarge { revision: revision.to_owned(), limit: "4 GiB" });
            }
            let blob = opened.repository.find_object(id).map_err(|error| unreadable(error.to_string()))?;
            let target = path.to_path(folder.path());
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(write_error)?;
            }
            let mut file = fs::File::create_new(&target).map_err(write_error)?;
            file.write_all(&blob.data).map_err(write_error)
        })?;
        Ok(Self { folder, commit: commit.to_string() })
    }

    /// The folder that holds the copy.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The commit's full id.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }
}

/// Whether `text` names a revision of the repository around `root`.
#[must_use]
pub fn is_revision(root: &Path, text: &str) -> bool {
    Opened::at(root).is_ok_and(|opened| opened.commit(text).is_ok())
}

/// Commit, branch and remote of the repository around `root`, for the report; `None` where there is none.
#[must_use]
pub fn describe(root: &Path) -> Option<Revision> {
    let repository = Opened::at(root).ok()?.repository;
    let commit = repository.head_id().ok().map(|id| id.to_string());
    let branch = repository.head_name().ok().flatten().map(|name| name.shorten().to_string());
    let remote = repository.config_snapshot().string("remote.origin.url").map(|url| {
        let url = url.to_str_lossy();
        match url.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = host.rsplit('@').next().unwrap_or(host);
                format!("{scheme}://{host}/{path}")
            }
            None => url.into_owned(),
        }
    });
    Some(Revision { commit, branch, remote })
}

/// Files below `root` that the index of the repository holds; none where there is no repository.
pub(crate) fn tracked_files(root: &Path) -> Vec<RepoPath> {
    let Ok(opened) = Opened::at(root) else { return Vec::new() };
    let Ok(index) = opened.repository.index_or_empty() else { return Vec::new() };
    index
        .entries()
        .iter()
        .filter(|entry| entry.mode.contains(gix::index::entry::Mode::FILE))
        .filter_map(|entry| entry.path(&index).to_str().ok()?.strip_prefix(&opened.prefix))
        .filter_map(|path| RepoPath::new(path).ok())
        .collect()
}

struct Opened {
    repository: gix::Repository,
    /// The scanned folder inside the repository, with a `/` at its end unless it is the top.
    prefix: String,
}

impl Opened {
    fn at(root: &Path) -> Result<Self, RevisionError> {
        let fault = |reason: String| RevisionError::NoRepository { root: root.to_owned(), reason };
        let root_path = root.canonicalize().map_err(|error| fault(error.to_string()))?;
        let repository = gix::discover(&root_path).map_err(|error| fault(error.to_string()))?;
        let top = repository.workdir().ok_or_else(|| fault("the repository is bare".to_owned()))?;
        let top = top.canonicalize().map_err(|error| fault(error.to_string()))?;
        let below = RepoPath::below(&top, &root_path).map_err(|error| fault(error.to_string()))?;
        let prefix = if below.as_str().is_empty() { String::new() } else { format!("{below}/") };
        Ok(Self { repository, prefix })
    }

    fn commit(&self, revision: &str) -> Result<ObjectId, RevisionError> {
        let fault = |reason: String| RevisionError::Unknown { revision: revision.to_owned(), reason };
        // A leading dash or a range is never one commit.
        if revision.starts_with('-') || revision.contains("..") {
            return Err(fault("it is not a single commit".to_owned()));
        }
        let id = self
            .repository
            .rev_parse_single(BStr::new(revision))
            .map_err(|error| fault(error.to_string()))?;
        let commit = id
            .object()
            .map_err(|error| fault(error.to_string()))?
            .peel_to_commit()
            .map_err(|error| fault(error.to_string()))?;
        Ok(commit.id)
    }

    /// Calls `each` with every file below the scanned folder. Trees wait on a list, not on the stack.
    fn each_file(
        &self,
        revision: &str,
        commit: ObjectId,
        cancel: &Cancel,
        each: &mut dyn FnMut(RepoPath, ObjectId) -> Result<(), RevisionError>,
    ) -> Result<(), RevisionError> {
        let fault = |reason: String| RevisionError::Unreadable { revision: revision.to_owned(), reason };
        let tree = self
            .repository
            .find_commit(commit)
            .map_err(|error| fault(error.to_string()))?
            .tree_id()
            .map_err(|error| fault(error.to_string()))?;
        let mut waiting = vec![(String::new(), tree.detach())];
        let mut count = 0;
        while let Some((folder, id)) = waiting.pop() {
            if cancel.is_cancelled() {
                return Err(RevisionError::Cancelled { revision: revision.to_owned() });
            }
            let tree = self.repository.find_tree(id).map_err(|error| fault(error.to_string()))?;
            for entry in tree.iter() {
                let entry = entry.map_err(|error| fault(error.to_string()))?;
                let Some(name) = safe_name(entry.filename()) else { continue };
                let path = format!("{folder}{name}");
                if path.len() > MAX_PATH_BYTES {
                    continue;
                }
                match entry.mode().kind() {
                    EntryKind::Tree => {
                        let path = format!("{path}/");
                        if self.prefix.starts_with(&path) || path.starts_with(&self.prefix) {
                            waiting.push((path, entry.object_id()));
                        }
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable => {
                        let Some(below) = path.strip_prefix(&self.prefix) else { continue };
                        let Ok(below) = RepoPath::new(below) else { continue };
                        count += 1;
                        if count > MAX_FILES {
                            return Err(RevisionError::TooLarge {
                                revision: revision.to_owned(),
                                limit: "400,000 files",
                            });
                        }
                        each(below, entry.object_id())?;
                    }
                    EntryKind::Link | EntryKind::Commit => {}
                }
            }
        }
        Ok(())
    }
}

/// A tree is hostile input: a name in it must not climb out of the copy.
fn safe_name(name: &BStr) -> Option<&str> {
    let name = name.to_str().ok()?;
    let safe = !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0']);
    (safe && !name.eq_ignore_ascii_case(".git")).then_some(name)
}

fn blob_id(content: &[u8]) -> Option<ObjectId> {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, content).ok()
}

#[cfg(test)]
mod tests;
