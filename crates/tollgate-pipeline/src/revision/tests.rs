use std::process::Command;

use super::*;
use crate::walk::{WalkSettings, walk};

fn git(folder: &Path, arguments: &[&str]) -> bool {
    Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    assert!(git(folder.path(), &["init", "-q"]));
    write("app/a.py", "one\n");
    write("app/b.py", "two\n");
    write("top.py", "three\n");
    assert!(git(folder.path(), &["add", "."]) && git(folder.path(), &["commit", "-q", "-m", "first"]));
    write("app/a.py", "changed\n");
    fs::rename(folder.path().join("app/b.py"), folder.path().join("app/c.py")).unwrap();
    write("app/new.py", "four\n");
    folder
}

#[test]
fn since_marks_changed_and_untracked_files() {
    let folder = repository();
    let since = Since::read(folder.path(), "HEAD", &Cancel::new()).unwrap();
    let mut settings = WalkSettings::of(folder.path());
    settings.since = Some(since.clone().into());
    let inventory = walk(&settings, &Cancel::new()).unwrap();
    let states: Vec<_> = inventory.files().iter().map(|file| (file.path.as_str(), file.changed)).collect();
    assert_eq!(states, [("app/a.py", true), ("app/c.py", true), ("app/new.py", true), ("top.py", false)]);
    let renames = since.renames(&inventory);
    let renames: Vec<_> = renames.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert_eq!(renames, [("app/b.py", "app/c.py")]);
}

#[test]
fn a_revision_is_copied_below_the_scanned_folder_only() {
    let folder = repository();
    let tree = RevisionTree::copy(&folder.path().join("app"), "HEAD", &Cancel::new()).unwrap();
    assert_eq!(fs::read_to_string(tree.path().join("a.py")).unwrap(), "one\n");
    assert_eq!(fs::read_to_string(tree.path().join("b.py")).unwrap(), "two\n");
    assert!(!tree.path().join("top.py").exists());
    assert_eq!(fs::read_to_string(folder.path().join("app/a.py")).unwrap(), "changed\n");
    assert_eq!(tree.commit().len(), 40);
}

#[test]
fn what_names_no_commit_is_an_error() {
    let folder = repository();
    for revision in ["nonsense", "--all", "HEAD..HEAD", ""] {
        let error = Since::read(folder.path(), revision, &Cancel::new()).unwrap_err();
        assert!(matches!(error, RevisionError::Unknown { .. }), "{revision}: {error}");
        assert!(!is_revision(folder.path(), revision));
    }
    let outside = tempfile::tempdir().unwrap();
    assert!(matches!(
        Since::read(outside.path(), "HEAD", &Cancel::new()),
        Err(RevisionError::NoRepository { .. })
    ));
    assert!(describe(folder.path()).unwrap().commit.is_some());
}
