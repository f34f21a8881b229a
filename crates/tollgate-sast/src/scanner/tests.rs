use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, Inventory, RepoPath};

use tollgate_core::Subject;

use super::*;

const RULES: &str = r"
rules:
- id: call
  languages: [python]
  severity: ERROR
  message: calls $F
  metadata: {cwe: 'CWE-78: x', confidence: HIGH}
  pattern: $F(1)
  fix: $F(2)
- id: word
  languages: [regex]
  severity: INFO
  message: a word
  pattern-regex: sec+ret
";

fn scan(
    files: &[(&str, &[u8])],
    jobs: usize,
    cache: Option<&Path>,
    change: impl FnOnce(&mut SastSettings),
) -> ScannerOutcome {
    scan_tree(RULES, files, jobs, cache, change)
}

/// Scans files of a folder of their own with the given rules alone.
pub(crate) fn scan_tree(
    rules_text: &str,
    files: &[(&str, &[u8])],
    jobs: usize,
    cache: Option<&Path>,
    change: impl FnOnce(&mut SastSettings),
) -> ScannerOutcome {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yaml");
    fs::write(&rules, rules_text).unwrap();
    let entries = files
        .iter()
        .map(|(name, bytes)| {
            let absolute = folder.path().join(name);
            fs::create_dir_all(absolute.parent().unwrap()).unwrap();
            fs::write(&absolute, bytes).unwrap();
            FileEntry {
                path: RepoPath::new(name).unwrap(),
                absolute,
                size: bytes.len() as u64,
                language: Language::from_file_name(name),
                changed: true,
                generated: false,
            }
        })
        .collect();
    let mut settings = SastSettings { rules: vec![rules], builtin: false, ..SastSettings::default() };
    change(&mut settings);
    let scanner = SastScanner::new(settings).unwrap();
    let inventory = Inventory::new(folder.path().to_path_buf(), entries, Vec::new());
    let (facts, events, cancel) = (Facts::default(), Events::ignored(), Cancel::new());
    let mut outcome = scanner.scan(&ScanContext {
        inventory: &inventory,
        facts: &facts,
        events: &events,
        cancel: &cancel,
        jobs: NonZeroUsize::new(jobs).unwrap(),
        cache,
    });
    outcome.elapsed = std::time::Duration::ZERO;
    outcome
}

fn shown(outcome: &ScannerOutcome) -> Vec<String> {
    outcome
        .findings
        .iter()
        .map(|finding| {
            let region = finding.source().unwrap().region;
            let suppressed = if finding.suppressions.is_empty() { "" } else { " suppressed" };
            format!(
                "{}:{} {}: {}{suppressed}",
                region.start().line,
                region.start().column,
                finding.rule,
                finding.message
            )
        })
        .collect()
}

#[test]
fn reports_places_messages_and_suppressions() {
    let outcome = scan(&[("a.py", b"def g():\n    f(1)\nf(1)  # nosem\n# secret\n")], 1, None, |_| {});
    assert_eq!(shown(&outcome), ["2:5 call: calls f", "3:1 call: calls f suppressed", "4:3 word: a word"]);
    let Subject::Code(code) = &outcome.findings[0].subject else { panic!("code was expected") };
    assert_eq!(code.scope, ["def g"]);
    assert_eq!(code.identity, "f(1)");
    assert_eq!(outcome.findings[0].fixes[0].edits[0].replacement, "f(2)");
    assert_eq!(outcome.rules.len(), 2);
    assert!(outcome.is_complete());
}

#[test]
fn bytes_that_are_no_text_keep_places_right() {
    let outcome = scan(&[("a.py", b"# \xff\xfe\nf(1)\n")], 1, None, |_| {});
    assert_eq!(shown(&outcome), ["2:1 call: calls f"]);
    let region = outcome.findings[0].source().unwrap().region;
    assert_eq!(region.bytes(), Some((5, 9)));
}

#[test]
fn threads_and_cache_change_nothing() {
    let texts: Vec<(String, Vec<u8>)> =
        (0..40).map(|n| (format!("f{n}.py"), format!("x{n}(1)\nf(1)\nsecret\n").into_bytes())).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(name, text)| (&**name, &**text)).collect();
    let cache = tempfile::tempdir().unwrap();
    let plain = scan(&files, 1, None, |_| {});
    assert_eq!(plain.findings.len(), 120);
    for _ in 0..2 {
        assert_eq!(scan(&files, 4, Some(cache.path()), |_| {}), plain);
    }
    for entry in fs::read_dir(cache.path()).unwrap().flatten() {
        fs::write(entry.path(), b"damaged").unwrap();
    }
    assert_eq!(scan(&files, 2, Some(cache.path()), |_| {}), plain);
}

#[test]
fn settings_choose_rules_and_severities() {
    let file: &[(&str, &[u8])] = &[("a.py", b"f(1)\n# secret\n")];
    let outcome = scan(file, 1, None, |settings| {
        settings.disable = vec!["word".to_owned()];
        settings.severity_overrides = vec![("call".to_owned(), Severity::Low)];
    });
    assert_eq!(shown(&outcome), ["1:1 call: calls f"]);
    assert_eq!(outcome.findings[0].severity, Some(Severity::Low));
}

#[test]
fn an_explanation_names_operators() {
    let outcome = scan(&[("a.py", b"f(1)\n")], 1, None, |settings| {
        settings.explain = Some(ExplainRequest { path: "a.py".into(), line: 1, rule: "call".into() });
    });
    let text = &outcome.diagnostics[0].message;
    assert!(text.contains("`pattern` matches 1 range on this line"), "{text}");
}

#[test]
fn broken_rules_are_all_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.yaml");
    fs::write(&path, "rules:\n- id: a\n  mesage: m\n- id: b\n  languages: [pythn]\n  message: m\n  severity: ERROR\n  pattern: x\n").unwrap();
    let errors =
        SastScanner::new(SastSettings { rules: vec![path], builtin: false, ..SastSettings::default() })
            .map(|_| ())
            .unwrap_err();
    let texts: Vec<String> = errors.iter().map(|error| error.problem.to_string()).collect();
    assert_eq!(texts, ["unknown key `mesage` in a rule", "unknown language `pythn`"]);
    assert_eq!(errors[1].hint().as_deref(), Some("did you mean `python`?"));
}
