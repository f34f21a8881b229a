//! Packing a folder for a build, leaving out what its `.dockerignore` says.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::error::EngineError;
use crate::image::rewound;

/// A context larger than this is a mistake, such as a home folder.
const MOST_BYTES: u64 = 4 << 30;
const MOST_FILES: usize = 500_000;

/// The folder as an archive. Links stay links, so nothing outside the folder gets in.
pub(super) fn pack(folder: &Path, dockerfile: &str) -> Result<File, EngineError> {
    let trouble = |source| EngineError::File { path: folder.to_owned(), source };
    let ignored = ignored(folder).map_err(trouble)?;
    let mut archive =
        tempfile::tempfile().map(|file| tar::Builder::new(BufWriter::new(file))).map_err(trouble)?;
    archive.follow_symlinks(false);
    let (mut bytes, mut files) = (0, 0);
    let mut waiting = vec![PathBuf::new()];
    while let Some(relative) = waiting.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder.join(&relative)).map_err(trouble)?.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let place = relative.join(entry.file_name());
            let kind = entry.file_type().map_err(trouble)?;
            let is_needed = place == Path::new(dockerfile) || place == Path::new(".dockerignore");
            if kind.is_dir() {
                // A later `!` pattern may let a file below an ignored folder back in.
                waiting.push(place);
                continue;
            }
            if !(kind.is_file() || kind.is_symlink())
                || (!is_needed && ignored.matched_path_or_any_parents(&place, false).is_ignore())
            {
                continue;
            }
            bytes += entry.metadata().map_err(trouble)?.len();
            files += 1;
            if bytes > MOST_BYTES || files > MOST_FILES {
                let message =
                    format!("more than {MOST_BYTES} bytes or {MOST_FILES} files; add a .dockerignore");
                return Err(trouble(io::Error::other(message)));
            }
            archive.append_path_with_name(entry.path(), &place).map_err(trouble)?;
        }
    }
    rewound(archive).map_err(trouble)
}

/// The patterns are those of `.gitignore` but for their start: here each counts from the root.
fn ignored(folder: &Path) -> io::Result<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    let text = match fs::read_to_string(folder.join(".dockerignore")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (negation, pattern) = line.strip_prefix('!').map_or(("", line), |pattern| ("!", pattern));
        let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
        builder.add_line(None, &format!("{negation}/{pattern}")).map_err(io::Error::other)?;
    }
    builder.build().map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_leaves_out_what_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let write = |place: &str, text: &str| {
            let path = folder.path().join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("Dockerfile", "FROM scratch\n");
        write(".dockerignore", "*.log\n**/*.tmp\nnode_modules\n!node_modules/keep.js\nDockerfile\n");
        for place in
            ["a.log", "sub/b.log", "sub/c.tmp", "node_modules/x.js", "node_modules/keep.js", "src/main.rs"]
        {
            write(place, "x");
        }
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        let mut archive = tar::Archive::new(pack(folder.path(), "Dockerfile").unwrap());
        let mut names: Vec<(String, bool)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (
                    entry.path().unwrap().to_string_lossy().into_owned(),
                    entry.header().entry_type().is_symlink(),
                )
            })
            .collect();
        names.sort();
        let plain = |name: &str| (name.to_owned(), false);
        let expected = [
            plain(".dockerignore"),
            plain("Dockerfile"),
            ("link".to_owned(), true),
            plain("node_modules/keep.js"),
            plain("src/main.rs"),
            plain("sub/b.log"),
        ];
        assert_eq!(names, expected);
    }
}
