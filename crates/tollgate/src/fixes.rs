//! `scan --fix`: shows the repairs of a report as a difference, then makes them.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use similar::TextDiff;
use tollgate_core::{Edit, RepoPath, Report, repair};

use crate::cli::OutputArgs;
use crate::failure::{Failure, counted};
use crate::output;

/// Makes the first fix of every finding that counts, as far as they go together; another run makes the
/// others.
pub(crate) fn apply(report: &Report, args: &OutputArgs) -> Result<(), Failure> {
    let Some(root) = &report.root else { return Ok(()) };
    let counting = report.findings.iter().filter(|finding| finding.counts());
    let chosen = repair::choose(counting.map(|finding| &finding.finding));
    for (path, edits) in &chosen {
        let repair = Repair::of(Path::new(root), path, edits);
        repair
            .and_then(|repair| {
                if !args.quiet {
                    // A closed stderr is no reason to stop.
                    let _ = std::io::stderr().write_all(repair.difference(path).as_bytes());
                }
                repair.make(&path.to_path(Path::new(root)))
            })
            .with_context(|| format!("failed to fix {path}"))?;
    }
    if !args.quiet {
        let edits = chosen.values().map(Vec::len).sum();
        let files = counted(chosen.len(), "file");
        let _ = writeln!(std::io::stderr(), "applied {} to {files}", counted(edits, "edit"));
    }
    Ok(())
}

/// A file before and after its edits.
struct Repair {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Repair {
    fn of(root: &Path, path: &RepoPath, edits: &[Edit]) -> anyhow::Result<Self> {
        let before = fs::read(path.to_path(root))?;
        match repair::rewrite(&before, edits) {
            Some(after) => Ok(Self { before, after }),
            None => bail!("it changed since it was scanned; scan again"),
        }
    }

    /// What changes, as a unified difference.
    fn difference(&self, path: &RepoPath) -> String {
        let (before, after) = (String::from_utf8_lossy(&self.before), String::from_utf8_lossy(&self.after));
        let difference = TextDiff::from_lines(&*before, &*after);
        difference.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
    }

    fn make(&self, file: &Path) -> anyhow::Result<()> {
        let permissions = fs::metadata(file)?.permissions();
        output::replace(file, |out| out.write_all(&self.after))?;
        Ok(fs::set_permissions(file, permissions)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_core::Region;

    fn check(edit: (usize, usize), expected: Option<(&str, &str)>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "hello\nworld\n").unwrap();
        let path = RepoPath::new("a.txt").unwrap();
        let edits = [Edit {
            path: path.clone(),
            region: Region::of_bytes("hello\nworld\nand more", edit.0, edit.1),
            replacement: "W".to_owned(),
        }];
        let repair = Repair::of(folder.path(), &path, &edits);
        match expected {
            Some((after, line)) => {
                let repair = repair.unwrap();
                assert!(repair.difference(&path).contains(line));
                repair.make(&folder.path().join("a.txt")).unwrap();
                assert_eq!(fs::read_to_string(folder.path().join("a.txt")).unwrap(), after);
            }
            None => assert!(repair.is_err()),
        }
    }

    #[test]
    fn a_file_is_repaired_and_the_difference_shown() {
        check((6, 7), Some(("hello\nWorld\n", "-world\n+World\n")));
        check((6, 20), None);
    }
}
