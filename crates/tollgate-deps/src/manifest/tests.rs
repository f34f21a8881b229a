use super::*;

/// Reads a file of a small tree.
pub(super) fn read_tree(files: &[(&str, &str)]) -> Lockfile {
    let mut paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect();
    paths.sort();
    let memo = Memo::default();
    let find = |path: &RepoPath| {
        files.iter().find(|(name, _)| *name == path.as_str()).map(|(_, text)| Arc::from(*text))
    };
    let near = Neighbours { paths: &paths, read: &find, memo: &memo };
    let path = RepoPath::new(files[0].0).unwrap();
    let format = Format::of(&path).unwrap_or_else(|| panic!("no format for {path}"));
    read(format, &path, files[0].1.as_bytes(), &near)
}
