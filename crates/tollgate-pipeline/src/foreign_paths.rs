//! Paths of other tools that ran elsewhere: in a container, in another checkout, in a parent folder.

use std::path::Path;

use rustc_hash::FxHashMap;
use tollgate_core::{Finding, RepoPath, ScannerId};

use crate::enrich::each_location;

const MAX_PARTS: usize = 64;

/// Shortens a path that is no file below the root to its longest end that is one. An end that is only a
/// file name counts when at least two folders go, so that `docs/README.md` never becomes `README.md`.
pub(crate) fn settle(findings: &mut [&mut Finding], root: &Path) {
    let mut known: FxHashMap<RepoPath, Option<RepoPath>> = FxHashMap::default();
    for finding in findings {
        if ScannerId::BUILT_IN.contains(&finding.scanner.as_str()) {
            continue;
        }
        each_location(finding, &mut |location| {
            if !known.contains_key(&location.path) {
                known.insert(location.path.clone(), shortened(&location.path, root));
            }
            if let Some(Some(path)) = known.get(&location.path) {
                location.path = path.clone();
            }
            None
        });
    }
}

fn shortened(path: &RepoPath, root: &Path) -> Option<RepoPath> {
    if path.as_str().is_empty() || path.to_path(root).exists() {
        return None;
    }
    let parts: Vec<&str> = path.as_str().split('/').collect();
    if parts.len() > MAX_PARTS {
        return None;
    }
    (1..parts.len())
        .filter(|cut| parts.len() - cut > 1 || *cut > 1)
        .filter_map(|cut| RepoPath::new(parts[cut..].join("/")).ok())
        .find(|end| end.to_path(root).is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::testing::{code, path, region};

    #[test]
    fn paths_of_other_places_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src/lib")).unwrap();
        for file in ["src/lib/a.py", "README.md"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let check = |tool: &str, given: &str, expected: &str| {
            let mut finding = code(tool, "r", 79, given, region(1, 1, 2));
            settle(&mut [&mut finding], folder.path());
            assert_eq!(finding.source().unwrap().path, path(expected), "{given}");
        };
        check("x", "home/ci/work/src/lib/a.py", "src/lib/a.py");
        check("x", "src/lib/a.py", "src/lib/a.py");
        check("x", "docs/README.md", "docs/README.md");
        check("x", "github/workspace/README.md", "README.md");
        check("x", "gone/b.py", "gone/b.py");
        check("sast", "home/ci/src/lib/a.py", "home/ci/src/lib/a.py");
    }
}
