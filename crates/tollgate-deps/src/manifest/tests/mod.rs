//! Small trees of files and what their first file is read as.

mod hostile;
mod javascript;
mod others;
mod python;

use super::*;

/// Reads the first file of a small tree.
fn read_tree(files: &[(&str, &[u8])]) -> Lockfile {
    let mut paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect();
    paths.sort();
    let memo = Memo::default();
    let find = |path: &RepoPath| {
        let (_, bytes) = files.iter().find(|(name, _)| *name == path.as_str())?;
        Some(Arc::from(String::from_utf8_lossy(bytes).as_ref()))
    };
    let near = Neighbours { paths: &paths, read: &find, memo: &memo };
    let path = RepoPath::new(files[0].0).unwrap();
    let format = Format::of(&path).unwrap_or_else(|| panic!("no format for {path}"));
    read(format, &path, files[0].1, &near)
}

/// Packages as `line name version`, then `P`, `O` or `D` for the usage, `!` for direct ones, `~` for
/// foreign and `.` for local ones, `> …` for edges, `= …` for the declared range.
fn show(lockfile: &Lockfile) -> Vec<String> {
    let packages = lockfile.packages.iter().map(|package| {
        let usage = match package.usage {
            Usage::Production => "P",
            Usage::Optional => "O",
            Usage::Development => "D",
        };
        let version = package.version.as_deref().unwrap_or("-");
        let mut line = format!("{} {} {version} {usage}", package.line, package.name);
        line.push_str(if package.direct == Some(true) { "!" } else { "" });
        line.push_str(match package.provenance {
            Provenance::Registry => "",
            Provenance::Foreign => "~",
            Provenance::Local => ".",
        });
        let edges: Vec<&str> =
            package.edges.iter().map(|&edge| lockfile.packages[edge].name.as_str()).collect();
        if !edges.is_empty() {
            line.push_str(&format!(" > {}", edges.join(" ")));
        }
        if let Some(requirement) = &package.requirement {
            line.push_str(&format!(" = {requirement}"));
        }
        line
    });
    packages.collect()
}

/// The first file reads as the expected packages, without errors.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let lockfile = read_tree(&files);
    assert_eq!(show(&lockfile), expected, "{}", files[0].0);
    let errors: Vec<_> =
        lockfile.diagnostics.iter().filter(|found| found.level == DiagnosticLevel::Error).collect();
    assert!(errors.is_empty(), "{}: {errors:?}", files[0].0);
}

#[test]
fn formats_are_listed_once_and_found_by_name() {
    assert!(Format::ALL.is_sorted());
    let check = |path: &str, expected: Option<Format>| {
        assert_eq!(Format::of(&RepoPath::new(path).unwrap()), expected, "{path}");
    };
    check("a/Cargo.lock", Some(Format::Cargo));
    check("a/node_modules/b/package-lock.json", None);
    check("requirements-dev.txt", Some(Format::Requirements));
    check("requirements/base.txt", Some(Format::Requirements));
    check("notes.txt", None);
    check("gradle/libs.versions.toml", Some(Format::GradleCatalog));
    check("gradle/dependency-locks/compile.lockfile", Some(Format::GradleLock));
    check(".github/workflows/ci.yml", Some(Format::Workflow));
    check("ci.yml", None);
    check("gemfiles/rails_7.gemfile.lock", Some(Format::Gemfile));
    check("x.spdx.json", Some(Format::Spdx));
    check("pylock.dev.toml", Some(Format::Pylock));
    check("src/App.fsproj", Some(Format::NuGetProject));
}
