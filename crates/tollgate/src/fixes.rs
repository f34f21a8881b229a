//! `scan --fix`: applies the fixes of a report to the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use tollgate_core::{Edit, RepoPath, Report};

use crate::cli::OutputArgs;
use crate::failure::{Failure, counted};
use crate::output;

/// Applies the first fix of every finding that counts. Of two that overlap the earlier one is applied;
/// another run applies the other.
pub(crate) fn apply(report: &Report, args: &OutputArgs) -> Result<(), Failure> {
    let Some(root) = &report.root else { return Ok(()) };
    let mut edits: BTreeMap<&RepoPath, Vec<&Edit>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        for edit in finding.finding.fixes.first().into_iter().flat_map(|fix| &fix.edits) {
            edits.entry(&edit.path).or_default().push(edit);
        }
    }
    let mut applied = 0;
    for (path, edits) in &edits {
        applied += apply_to_file(&path.to_path(Path::new(root)), edits)
            .with_context(|| format!("failed to fix {path}"))?;
    }
    if !args.quiet {
        use std::io::Write;
        let files = counted(edits.len(), "file");
        // Progress only: the report says which findings had fixes.
        let _ = writeln!(std::io::stderr(), "applied {} to {files}", counted(applied, "edit"));
    }
    Ok(())
}

fn apply_to_file(path: &Path, edits: &[&Edit]) -> std::io::Result<usize> {
    let bytes = fs::read(path)?;
    let mut ranges: Vec<(usize, usize, &str)> = edits
        .iter()
        .filter_map(|edit| {
            let (start, end) = edit.region.bytes()?;
            Some((start as usize, end as usize, edit.replacement.as_str()))
        })
        .filter(|(start, end, _)| start <= end && *end <= bytes.len())
        .collect();
    ranges.sort_unstable();
    ranges.dedup();
    let mut fixed = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let mut count = 0;
    for (start, end, replacement) in ranges {
        if start < at {
            continue;
        }
        fixed.extend_from_slice(&bytes[at..start]);
        fixed.extend_from_slice(replacement.as_bytes());
        at = end;
        count += 1;
    }
    fixed.extend_from_slice(&bytes[at..]);
    let permissions = fs::metadata(path)?.permissions();
    output::replace(path, |file| file.write_all(&fixed))?;
    fs::set_permissions(path, permissions)?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_core::Region;

    #[test]
    fn overlapping_edits_are_applied_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "hello world").unwrap();
        let edit = |start, end, text: &str| Edit {
            path: RepoPath::new("a.txt").unwrap(),
            region: Region::of_bytes("hello world", start, end),
            replacement: text.to_owned(),
        };
        let edits = [edit(0, 5, "HELLO"), edit(3, 8, "xx"), edit(6, 11, "WORLD")];
        let count = apply_to_file(&path, &edits.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!((count, fs::read_to_string(&path).unwrap().as_str()), (2, "HELLO WORLD"));
    }
}
