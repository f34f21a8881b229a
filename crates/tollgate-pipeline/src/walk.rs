//! From paths the user names to the inventory all scanners share.
//!
//! The walk follows no link below a named path and opens nothing but regular files. What it passes
//! over and a flaw could hide in is listed as skipped.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use tollgate_core::{Cancel, CancelReason, FileEntry, Inventory, Language, RepoPath, SkipReason, Skipped};

use crate::revision::{self, Since};
use crate::text_kind::{HEAD, TextKind, text_kind};

/// What to walk and how.
#[derive(Debug, Clone)]
pub struct WalkSettings {
    /// Files and folders to scan; a missing one is an error.
    pub paths: Vec<PathBuf>,
    /// The folder paths are relative to; `None`: the one named folder, else the working directory when it
    /// holds all paths, else the deepest folder that does.
    pub root: Option<PathBuf>,
    /// Patterns of paths to leave out, in gitignore syntax relative to the root.
    pub exclude: Vec<String>,
    /// Larger text files are skipped, with a gap in the result.
    pub max_file_size: u64,
    /// Whether `.gitignore` files and `.git/info/exclude` count.
    pub respect_gitignore: bool,
    /// The revision that files are compared with, for `--since`.
    pub since: Option<Arc<Since>>,
}

impl WalkSettings {
    /// Bytes above which a text file is skipped unless set otherwise.
    pub const MAX_FILE_SIZE: u64 = 5_000_000;

    /// The settings for one folder, all else as by default.
    #[must_use]
    pub fn of(path: impl Into<PathBuf>) -> Self {
        Self {
            paths: vec![path.into()],
            root: None,
            exclude: Vec::new(),
            max_file_size: Self::MAX_FILE_SIZE,
            respect_gitignore: true,
            since: None,
        }
    }
}

/// Why there is no inventory.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A named path is not there.
    #[error("find `{}`", path.display())]
    Missing {
        /// The path as named.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An exclude pattern is no pattern.
    #[error("read the exclude pattern `{pattern}`")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        source: ignore::Error,
    },
    /// A named path does not lie below the given root.
    #[error("scan `{}`: it does not lie below `{}`", path.display(), root.display())]
    OutsideRoot {
        /// The path as named.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
    /// The walk was cancelled.
    #[error("walk the tree: {}", match reason {
        CancelReason::Interrupted => "interrupted",
        CancelReason::DeadlinePassed => "out of time",
    })]
    Cancelled {
        /// Why.
        reason: CancelReason,
    },
}

/// Hidden folders that hold what pipelines, editors and cloud tools run or read.
const HIDDEN_BUT_SEEN: &[&str] = &[
    ".aws",
    ".azure",
    ".azure-pipelines",
    ".azuredevops",
    ".buildkite",
    ".cargo",
    ".circleci",
    ".config",
    ".devcontainer",
    ".docker",
    ".forgejo",
    ".gitea",
    ".github",
    ".gitlab",
    ".husky",
    ".kube",
    ".ssh",
    ".storybook",
    ".vscode",
    ".woodpecker",
];

/// Folders that hold third-party or built files.
const VENDORED: &[&str] = &[
    "__pycache__",
    "bower_components",
    "build",
    "Carthage",
    "dist",
    "jspm_packages",
    "node_modules",
    "Pods",
    "site-packages",
    "target",
    "third_party",
    "third-party",
    "vendor",
    "vendored",
    "venv",
    "virtualenv",
];

/// Folders of version control, whose absence from a scan needs no word.
const VERSION_CONTROL: &[&str] = &[".git", ".hg", ".svn", ".jj", ".bzr"];

/// The files below the named paths.
///
/// # Errors
/// When a named path is missing, a pattern is wrong or the walk is cancelled.
pub fn walk(settings: &WalkSettings, cancel: &Cancel) -> Result<Inventory, WalkError> {
    let starts = settings.paths.iter().map(|path| canonical(path)).collect::<Result<Vec<_>, _>>()?;
    let root = match &settings.root {
        Some(root) => canonical(root)?,
        None => common_root(&starts),
    };
    if let Some(at) = starts.iter().position(|start| !start.starts_with(&root)) {
        return Err(WalkError::OutsideRoot { path: settings.paths[at].clone(), root });
    }
    let exclude = exclude_matcher(&root, &settings.exclude)?;
    let skipped = Arc::new(Mutex::new(Vec::new()));
    let mut candidates = Vec::new();
    for start in &starts {
        let found = walk_one(start, &root, settings, &exclude, &skipped, cancel)?;
        candidates.extend(found);
    }
    if settings.respect_gitignore {
        candidates.extend(tracked_all_the_same(&starts, &root, &exclude, &candidates));
    }
    candidates.sort_unstable();
    candidates.dedup();
    let entries: Vec<Result<FileEntry, Option<Skipped>>> = candidates
        .into_par_iter()
        .map(|(path, absolute)| {
            if cancel.is_cancelled() {
                return Err(None);
            }
            inspect(path, absolute, settings).map_err(Some)
        })
        .collect();
    if let Some(reason) = cancel.reason() {
        return Err(WalkError::Cancelled { reason });
    }
    let mut skipped =
        skipped.lock().map(|list| list.clone()).unwrap_or_else(|held| held.into_inner().clone());
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry {
            Ok(file) => files.push(file),
            Err(skip) => skipped.extend(skip),
        }
    }
    Ok(Inventory::new(root, files, skipped))
}

fn canonical(path: &Path) -> Result<PathBuf, WalkError> {
    path.canonicalize().map_err(|source| WalkError::Missing { path: path.to_owned(), source })
}

fn common_root(starts: &[PathBuf]) -> PathBuf {
    if let [only] = starts
        && only.is_dir()
    {
        return only.clone();
    }
    let here = std::env::current_dir().and_then(|path| path.canonicalize()).ok();
    if let Some(here) = here
        && starts.iter().all(|start| start.starts_with(&here))
    {
        return here;
    }
    let folder = |path: &Path| {
        if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() }
    };
    let mut folders = starts.iter().map(|start| folder(start));
    let mut root = folders.next().unwrap_or_default();
    for other in folders {
        while !other.starts_with(&root) {
            if !root.pop() {
                break;
            }
        }
    }
    root
}

fn exclude_matcher(root: &Path, patterns: &[String]) -> Result<Gitignore, WalkError> {
    let fault = |pattern: &String| {
        let pattern = pattern.clone();
        move |source| WalkError::Pattern { pattern, source }
    };
    let mut builder = GitignoreBuilder::new(root);
    for pattern in patterns {
        builder.add_line(None, pattern).map_err(fault(pattern))?;
    }
    builder.build().map_err(fault(&patterns.join(", ")))
}

type SkippedList = Arc<Mutex<Vec<Skipped>>>;

fn walk_one(
    start: &Path,
    root: &Path,
    settings: &WalkSettings,
    exclude: &Gitignore,
    skipped: &SkippedList,
    cancel: &Cancel,
) -> Result<Vec<(RepoPath, PathBuf)>, WalkError> {
    let repository = start.ancestors().find(|folder| folder.join(".git").exists());
    let filter_root = root.to_owned();
    let filter_exclude = exclude.clone();
    let filter_skipped = Arc::clone(skipped);
    let walker = WalkBuilder::new(start)
        .standard_filters(false)
        .follow_links(false)
        .hidden(false)
        .parents(settings.respect_gitignore && repository.is_some_and(|top| top != start))
        .git_ignore(settings.respect_gitignore)
        .git_exclude(settings.respect_gitignore)
        .require_git(false)
        .add_custom_ignore_filename(".tollgateignore")
        .filter_entry(move |entry| enters(entry, &filter_root, &filter_exclude, &filter_skipped))
        .build();
    let mut found = Vec::new();
    for entry in walker {
        if let Some(reason) = cancel.reason() {
            return Err(WalkError::Cancelled { reason });
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error_path(&error).unwrap_or(start);
                push(skipped, root, path, SkipReason::Unreadable);
                continue;
            }
        };
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            continue;
        }
        // Only a named path can be a link here whose target was resolved already.
        if kind.is_symlink() {
            push(skipped, root, entry.path(), SkipReason::Link);
        } else if !kind.is_file() {
            push(skipped, root, entry.path(), SkipReason::Special);
        } else if let Ok(path) = RepoPath::below(root, entry.path()) {
            found.push((path, entry.into_path()));
        }
    }
    Ok(found)
}

fn enters(entry: &DirEntry, root: &Path, exclude: &Gitignore, skipped: &SkippedList) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
    if exclude.matched(relative, is_dir).is_ignore() {
        return false;
    }
    if !is_dir {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    if VERSION_CONTROL.contains(&&*name) {
        return false;
    }
    if is_left_out(&name) {
        push(skipped, root, entry.path(), SkipReason::Vendored);
        return false;
    }
    true
}

/// Files that git tracks although a `.gitignore` names them: a line in that file must not hide source
/// that is part of the repository.
fn tracked_all_the_same(
    starts: &[PathBuf],
    root: &Path,
    exclude: &Gitignore,
    found: &[(RepoPath, PathBuf)],
) -> Vec<(RepoPath, PathBuf)> {
    let found: FxHashSet<&RepoPath> = found.iter().map(|(path, _)| path).collect();
    let own_ignore = Gitignore::new(root.join(".tollgateignore")).0;
    revision::tracked_files(root)
        .into_iter()
        .filter(|path| !found.contains(path))
        .filter_map(|path| {
            let absolute = path.to_path(root);
            let start = starts.iter().find(|start| absolute.starts_with(start))?;
            let below = absolute.strip_prefix(start).ok()?;
            let folders = below.parent()?.components().map(|part| part.as_os_str().to_string_lossy());
            let left_out = folders.into_iter().any(|name| is_left_out(&name))
                || exclude.matched_path_or_any_parents(path.as_str(), false).is_ignore()
                || own_ignore.matched_path_or_any_parents(path.as_str(), false).is_ignore();
            // Equal only when no part of the path is a link.
            let regular = absolute.canonicalize().is_ok_and(|real| real == absolute && real.is_file());
            (!left_out && regular).then_some((path, absolute))
        })
        .collect()
}

fn is_left_out(folder: &str) -> bool {
    let hidden = folder.starts_with('.') && !HIDDEN_BUT_SEEN.contains(&folder);
    hidden || VENDORED.contains(&folder)
}

fn push(skipped: &SkippedList, root: &Path, path: &Path, reason: SkipReason) {
    if let (Ok(path), Ok(mut list)) = (RepoPath::below(root, path), skipped.lock()) {
        list.push(Skipped { path, reason });
    }
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    let mut error = error;
    loop {
        match error {
            ignore::Error::WithPath { path, .. } => return Some(path),
            ignore::Error::Loop { child, .. } => return Some(child),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error = err,
            _ => return None,
        }
    }
}

fn inspect(path: RepoPath, absolute: PathBuf, settings: &WalkSettings) -> Result<FileEntry, Skipped> {
    let skip = |path: RepoPath, reason| Skipped { path, reason };
    let read = || -> std::io::Result<(u64, Vec<u8>)> {
        let file = File::open(&absolute)?;
        let size = file.metadata()?.len();
        let mut head = Vec::new();
        file.take(HEAD as u64).read_to_end(&mut head)?;
        Ok((size, head))
    };
    let Ok((size, head)) = read() else {
        return Err(skip(path, SkipReason::Unreadable));
    };
    let language = Language::from_file_name(path.file_name()).or_else(|| shebang_language(&head));
    let kind = text_kind(path.file_name(), language, &head);
    if kind == TextKind::Binary {
        return Err(skip(path, SkipReason::Binary));
    }
    if size > settings.max_file_size {
        return Err(skip(path, SkipReason::TooLarge));
    }
    let changed = settings.since.as_ref().is_none_or(|since| since.is_changed(&path, &absolute));
    Ok(FileEntry { path, absolute, size, language, changed, generated: kind == TextKind::Minified })
}

fn shebang_language(head: &[u8]) -> Option<Language> {
    if !head.starts_with(b"#!") {
        return None;
    }
    let end = memchr::memchr(b'\n', head).unwrap_or(head.len()).min(256);
    Language::from_shebang(&String::from_utf8_lossy(&head[..end]))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn paths(inventory: &Inventory) -> Vec<&str> {
        inventory.files().iter().map(|file| file.path.as_str()).collect()
    }

    fn check(
        files: &[(&str, &str)],
        change: impl FnOnce(&mut WalkSettings),
        expected: &[&str],
    ) -> Vec<Skipped> {
        let folder = tree(files);
        let mut settings = WalkSettings::of(folder.path());
        change(&mut settings);
        let inventory = walk(&settings, &Cancel::new()).unwrap();
        assert_eq!(paths(&inventory), expected);
        inventory.skipped().to_vec()
    }

    #[test]
    fn ignore_files_and_folders_by_name() {
        let files = [
            (".github/workflows/ci.yml", "on: push"),
            (".hidden/a.py", ""),
            (".env", "A=1"),
            ("app.py", ""),
            ("node_modules/x/index.js", ""),
            ("src/vendor/y.go", ""),
            ("made/out.js", ""),
            (".gitignore", "made/\n"),
            (".tollgateignore", "docs/\n"),
            ("docs/a.py", ""),
            (".git/config", ""),
        ];
        let seen = [".env", ".github/workflows/ci.yml", ".gitignore", ".tollgateignore", "app.py"];
        let skipped = check(&files, |_| {}, &seen);
        let skipped: Vec<_> = skipped.iter().map(|skip| skip.path.as_str()).collect();
        assert_eq!(skipped, [".hidden", "node_modules", "src/vendor"]);
        check(
            &files,
            |settings| {
                settings.respect_gitignore = false;
                settings.exclude = vec![".*".into(), "!.github".into()];
            },
            &[".github/workflows/ci.yml", "app.py", "made/out.js"],
        );
    }

    #[test]
    fn a_named_path_is_scanned_whatever_it_is_called() {
        let files = [("node_modules/x/index.js", ""), ("a.py", ""), ("b.py", "")];
        let folder = tree(&files);
        let mut settings = WalkSettings::of(folder.path().join("node_modules"));
        assert_eq!(paths(&walk(&settings, &Cancel::new()).unwrap()), ["x/index.js"]);
        settings.paths = vec![folder.path().join("a.py"), folder.path().join("node_modules/x")];
        let inventory = walk(&settings, &Cancel::new()).unwrap();
        assert_eq!(paths(&inventory), ["a.py", "node_modules/x/index.js"]);
        settings.paths = vec![folder.path().join("a.py")];
        assert_eq!(paths(&walk(&settings, &Cancel::new()).unwrap()), ["a.py"]);
    }

    #[test]
    fn large_and_binary_files_are_told_apart() {
        let big = "x = 1\n".repeat(1000);
        let binary = "\0".repeat(5000);
        let files = [("big.py", &*big), ("blob.bin", &*binary), ("run", "#!/usr/bin/env python3\n")];
        let skipped = check(&files, |settings| settings.max_file_size = 100, &["run"]);
        let reasons: Vec<_> = skipped.iter().map(|skip| (skip.path.as_str(), skip.reason)).collect();
        assert_eq!(reasons, [("big.py", SkipReason::TooLarge), ("blob.bin", SkipReason::Binary)]);
    }

    #[test]
    fn an_ignore_file_hides_nothing_that_is_tracked() {
        let folder = tree(&[(".gitignore", "*.py\n"), ("a.py", ""), ("b.py", ""), ("vendor/c.py", "")]);
        let git = |arguments: &[&str]| {
            let run = std::process::Command::new("git").current_dir(folder.path()).args(arguments).output();
            run.is_ok_and(|output| output.status.success())
        };
        assert!(git(&["init", "-q"]) && git(&["add", "-f", "a.py", "vendor/c.py"]));
        let inventory = walk(&WalkSettings::of(folder.path()), &Cancel::new()).unwrap();
        assert_eq!(paths(&inventory), [".gitignore", "a.py"]);
    }

    #[test]
    fn a_missing_path_is_named() {
        let error = walk(&WalkSettings::of("/nowhere/at/all"), &Cancel::new()).unwrap_err();
        assert_eq!(error.to_string(), "find `/nowhere/at/all`");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_unreadable_files_are_skipped_aloud() {
        use std::os::unix::fs::symlink;
        let folder = tree(&[("a/x.py", "")]);
        symlink(folder.path(), folder.path().join("a/loop")).unwrap();
        symlink("/etc/passwd", folder.path().join("passwd")).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket"));
        let inventory = walk(&WalkSettings::of(folder.path()), &Cancel::new()).unwrap();
        assert_eq!(paths(&inventory), ["a/x.py"]);
        let skipped: Vec<_> = inventory.skipped().iter().map(|s| (s.path.as_str(), s.reason)).collect();
        assert!(skipped.contains(&("a/loop", SkipReason::Link)));
        assert!(skipped.contains(&("passwd", SkipReason::Link)));
        assert_eq!(skipped.contains(&("socket", SkipReason::Special)), socket.is_ok());
    }
}
