//! Paths inside the scanned tree.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A path relative to the scan root, with `/` between its parts and neither `.` nor `..` in it.
///
/// The empty path names the root itself. Bytes that are no UTF-8 are replaced by U+FFFD, so a
/// `RepoPath` is for identity and display; a file is opened by the absolute path beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

/// A path that does not lie below the root it should be relative to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not lie below the scan root")]
pub struct OutsideRoot(pub String);

impl RepoPath {
    /// A path from its parts as written, in any spelling: `./a//b/../c` is `a/c`.
    ///
    /// # Errors
    /// When the path is absolute or climbs above its start.
    pub fn new(path: impl AsRef<Path>) -> Result<Self, OutsideRoot> {
        let path = path.as_ref();
        let outside = || OutsideRoot(path.display().to_string());
        let mut parts: Vec<String> = Vec::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::ParentDir => {
                    parts.pop().ok_or_else(outside)?;
                }
                Component::RootDir | Component::Prefix(_) => return Err(outside()),
            }
        }
        Ok(Self(parts.join("/").into()))
    }

    /// The path of `file` relative to `root`.
    ///
    /// # Errors
    /// When `file` does not lie below `root`.
    pub fn below(root: &Path, file: &Path) -> Result<Self, OutsideRoot> {
        let relative = file.strip_prefix(root).map_err(|_| OutsideRoot(file.display().to_string()))?;
        Self::new(relative)
    }

    /// The path as text with `/` separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part, or the empty text for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The folder that holds this path; the root for a top-level file.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(parent, _)| parent).into())
    }

    /// The text after the last dot of the file name, if any.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.file_name().rsplit_once('.').map(|(_, extension)| extension)
    }

    /// This path below `root` on disk.
    #[must_use]
    pub fn to_path(&self, root: &Path) -> PathBuf {
        root.join(&*self.0)
    }

    /// `path` read relative to this folder, as a lockfile refers to its neighbours.
    ///
    /// # Errors
    /// When the result climbs above the root.
    pub fn join(&self, path: &str) -> Result<Self, OutsideRoot> {
        Self::new(Path::new(self.as_str()).join(path))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for RepoPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_and_refuses_to_climb() {
        assert_eq!(RepoPath::new("./a//b/../c").unwrap().as_str(), "a/c");
        assert!(RepoPath::new("../a").is_err());
        assert!(RepoPath::new("/a").is_err());
        assert_eq!(RepoPath::new("a/b.tar.gz").unwrap().extension(), Some("gz"));
        assert_eq!(RepoPath::new("a/b").unwrap().parent().as_str(), "a");
        assert_eq!(RepoPath::new("a").unwrap().parent().as_str(), "");
        assert_eq!(RepoPath::new("a/b").unwrap().join("../c").unwrap().as_str(), "a/c");
    }
}
