use std::fs;
use std::num::NonZeroUsize;

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, FileEntry, Finding, Subject, SuppressionKind, repair};

use super::*;

/// Scans a tree of files without an index, so with the built-in advisories.
fn scan(files: &[(&str, &str)], change: impl FnOnce(&Path, &mut DepsSettings)) -> ScannerOutcome {
    let root = tempfile::tempdir().unwrap();
    let mut entries = Vec::new();
    for (name, text) in files {
        let absolute = root.path().join(name);
        fs::create_dir_all(absolute.parent().unwrap()).unwrap();
        fs::write(&absolute, text).unwrap();
        entries.push(FileEntry {
            path: RepoPath::new(name).unwrap(),
            absolute,
            size: text.len() as u64,
            language: None,
            changed: true,
            generated: false,
        });
    }
    let mut settings = DepsSettings {
        index_dir: root.path().join("no-index"),
        ignore_dev: false,
        offline: true,
        max_age: Duration::from_secs(86_400),
        licences: None,
        vex: Vec::new(),
        lines: Vec::new(),
    };
    change(root.path(), &mut settings);
    let inventory = Inventory::new(root.path().to_owned(), entries, Vec::new());
    let cx = ScanContext {
        inventory: &inventory,
        facts: &Facts::default(),
        events: &Events::ignored(),
        cancel: &Cancel::new(),
        jobs: NonZeroUsize::MIN,
        cache: None,
    };
    let mut outcome = DepsScanner::new(settings).scan(&cx);
    outcome.elapsed = Duration::ZERO;
    outcome
}

fn package(finding: &Finding) -> &tollgate_core::dependency::PackageFinding {
    match &finding.subject {
        Subject::Package(package) => package,
        other => panic!("{other:?}"),
    }
}

/// Findings as `file:line package@version rule`.
fn show(outcome: &ScannerOutcome) -> Vec<String> {
    let line = |finding: &Finding| {
        let found = package(finding);
        let at = &found.location;
        format!("{}:{} {}@{} {}", at.path, at.region.start().line, found.package, found.version, finding.rule)
    };
    outcome.findings.iter().map(line).collect()
}

const NPM: &str = r#"{
 "lockfileVersion": 3,
 "packages": {
  "": {"dependencies": {"stream-user": "^1.0.0"}, "devDependencies": {"event-stream": "3.3.6"}},
  "node_modules/stream-user": {"version": "1.0.0", "license": "GPL-3.0-only", "dependencies": {"event-stream": "*"}},
  "node_modules/event-stream": {"version": "3.3.6"}
 }
}
"#;

#[test]
fn without_an_index_the_check_is_partial_and_says_so() {
    let outcome = scan(&[("package-lock.json", NPM)], |_, _| {});
    assert_eq!(show(&outcome), ["package-lock.json:6 event-stream@3.3.6 GHSA-mh6f-8j2x-4483"]);
    assert!(!outcome.is_complete());
    let partial = outcome.diagnostics.iter().find(|found| found.level == DiagnosticLevel::Error).unwrap();
    assert!(partial.message.contains("built-in"), "{partial:?}");
    assert!(partial.hint.as_deref().unwrap().contains("advisories update"));
    let found = package(&outcome.findings[0]);
    assert_eq!(
        found.dependency_paths,
        [vec!["event-stream@3.3.6"], vec!["stream-user@1.0.0", "event-stream@3.3.6"]]
    );
    assert_eq!(found.import_names, ["event-stream"]);
    assert_eq!(outcome.facts.packages.len(), 2);
    assert_eq!(outcome.rules[0].id.as_str(), "GHSA-mh6f-8j2x-4483");
}

#[test]
fn a_tree_without_packages_needs_no_index() {
    let outcome = scan(&[("README.md", "hello")], |_, _| {});
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
}

#[test]
fn a_broken_lockfile_does_not_hide_the_others() {
    let outcome = scan(&[("a/package-lock.json", &NPM[..120]), ("b/package-lock.json", NPM)], |_, _| {});
    assert_eq!(show(&outcome), ["b/package-lock.json:6 event-stream@3.3.6 GHSA-mh6f-8j2x-4483"]);
    let broken = |found: &Diagnostic| {
        found.path.as_ref().is_some_and(|path| path.as_str() == "a/package-lock.json") && found.line.is_some()
    };
    assert!(outcome.diagnostics.iter().any(broken), "{:?}", outcome.diagnostics);
}

#[test]
fn included_requirement_files_are_read() {
    let files = [("requirements.txt", "-r deps/base.in\n"), ("deps/base.in", "pyyaml==3.12\n")];
    let outcome = scan(&files, |_, _| {});
    assert_eq!(outcome.facts.packages[0].location.path.as_str(), "deps/base.in");
}

#[test]
fn vex_statements_suppress_with_their_reason() {
    let vex = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2024-01-01T00:00:00Z", "statements": [
 {"vulnerability": {"name": "GHSA-mh6f-8j2x-4483"}, "products": [{"@id": "pkg:npm/event-stream@3.3.6"}],
  "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]}"#;
    let with_vex = |text: &str| {
        let text = text.to_owned();
        scan(&[("package-lock.json", NPM)], move |root, settings| {
            let file = root.join("vex.json");
            fs::write(&file, text).unwrap();
            settings.vex.push(file);
        })
    };
    let suppressed = with_vex(vex);
    let found = &suppressed.findings[0].suppressions;
    assert_eq!(found[0].kind, SuppressionKind::Vex);
    assert_eq!(found[0].justification.as_deref(), Some("vulnerable_code_not_in_execute_path"));
    assert!(with_vex(&vex.replace("3.3.6", "3.3.5")).findings[0].suppressions.is_empty());
    assert!(with_vex(&vex.replace("not_affected", "affected")).findings[0].suppressions.is_empty());
    assert!(with_vex("{}").diagnostics.iter().any(|found| found.message.contains("VEX")));
}

#[test]
fn development_packages_can_be_left_out() {
    let dev = NPM.replace("\"version\": \"3.3.6\"", "\"version\": \"3.3.6\", \"dev\": true");
    let outcome = scan(&[("package-lock.json", &dev)], |_, settings| settings.ignore_dev = true);
    assert!(outcome.findings.is_empty());
    assert_eq!(outcome.facts.packages.len(), 2);
}

#[test]
fn licences_are_checked_where_stated() {
    let outcome = scan(&[("package-lock.json", NPM)], |_, settings| {
        settings.licences = Some(LicencePolicy { allow: Vec::new(), deny: vec!["GPL-3.0".to_owned()] });
    });
    assert!(show(&outcome).contains(&"package-lock.json:5 stream-user@1.0.0 deps.licence".to_owned()));
}

/// The text of a file after the fixes of the findings.
fn repaired(findings: &[Finding], path: &str, text: &str) -> String {
    let edits = repair::choose(findings);
    let edits = &edits[&RepoPath::new(path).unwrap()];
    String::from_utf8(repair::rewrite(text.as_bytes(), edits).unwrap()).unwrap()
}

#[test]
fn fixes_edit_the_declared_version_only() {
    let requirements = "unknown-thing==2.0.0\nPyYAML==5.3  # pinned\n";
    let outcome = scan(&[("requirements.txt", requirements)], |_, _| {});
    assert_eq!(
        repaired(&outcome.findings, "requirements.txt", requirements),
        "unknown-thing==2.0.0\nPyYAML==5.4  # pinned\n"
    );

    let lock = "version = 3\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"time\"]\n[[package]]\nname = \"time\"\nversion = \"0.1.43\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let manifest =
        "[package]\nname = \"app\"\n\n[dependencies]\ntime = { version = \"0.1\", features = [] } # clock\n";
    let outcome = scan(&[("Cargo.lock", lock), ("Cargo.toml", manifest)], |_, _| {});
    let found = package(&outcome.findings[0]).upgrade.as_ref().unwrap();
    assert_eq!((found.within_range, found.package.as_str()), (Some(false), "time"));
    assert_eq!(
        repaired(&outcome.findings, "Cargo.toml", manifest),
        manifest.replace("\"0.1\"", &format!("\"{}\"", found.version.as_deref().unwrap()))
    );
}

#[test]
fn two_scans_give_the_same() {
    let files = [("package-lock.json", NPM), ("requirements.txt", "pyyaml==3.12\njinja2\n")];
    assert_eq!(scan(&files, |_, _| {}), scan(&files, |_, _| {}));
}

#[test]
fn manifests_without_lockfile_are_named() {
    let outcome = scan(
        &[("package.json", "{}"), ("a/composer.json", "{}"), ("composer.lock", "{\"packages\": []}")],
        |_, _| {},
    );
    let named: Vec<_> = outcome.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named[0].contains("package.json"));
}
