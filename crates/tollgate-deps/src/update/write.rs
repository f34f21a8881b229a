//! Writing into the index directory so that a crash at any point leaves what was there: everything goes
//! to a temporary file of the same directory, is flushed to disk and then renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::graph::Ecosystem;
use crate::index::checked_path;

const PREFIX: &str = ".new-";

/// A file that is not yet in place.
pub(super) struct Temporary(BufWriter<NamedTempFile>);

impl Temporary {
    pub(super) fn new(dir: &Path) -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(1 << 18, temporary(dir)?)))
    }

    /// Puts it in place of `path`, which then is either the old or the new file, never a part of one.
    pub(super) fn replace(self, path: &Path) -> io::Result<()> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_directory(path)
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Temporary {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// An unnamed place for what is being downloaded.
pub(super) fn temporary(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        // Advisories are public, and others on the machine may share the index; the user's mask applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(dir)
}

/// Removes what an interrupted update left behind. The caller holds the lock of the directory.
pub(super) fn remove_leftovers(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync_directory(path),
    }
}

/// Notes that the data of an ecosystem were compared with the source and are the newest.
pub(super) fn mark_checked(dir: &Path, ecosystem: Ecosystem, now: i64) -> io::Result<()> {
    let mut out = Temporary::new(dir)?;
    write!(out, "{now}")?;
    out.replace(&checked_path(dir, ecosystem))
}

/// Makes a renaming last; only some systems know how.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let dir = path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
