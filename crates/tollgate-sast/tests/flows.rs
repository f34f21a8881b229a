//! Taint across functions and files, mechanism by mechanism and language by language.
//!
//! `tests/flows/<language>.txt` holds small programs under headings `== mechanism`. A line that is marked
//! `FLOW` must be reported, any other must not; every program also shows what is near a flow and is none: a
//! cleaned value, another field, another object. `GAP` marks a flow that is not found yet, `EXTRA` a report
//! that should not be made: both are faults, asserted as they are. `-- path` begins a file of a program of several,
//! which is followed across files; programs of one file are followed inside of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use tollgate_core::facts::Facts;
use tollgate_core::{
    Cancel, Events, FileEntry, Inventory, Language, RepoPath, ScanContext, Scanner, Subject,
};
use tollgate_sast::{SastScanner, SastSettings};

const RULE: &str = "
rules:
- id: flow
  languages: [python, javascript, typescript, java, go, php, ruby, csharp, c, cpp, kotlin, rust, scala, swift, dart, elixir]
  severity: ERROR
  message: tainted
  mode: taint
  pattern-sources: [{pattern: source()}]
  pattern-sinks: [{pattern: sink(...)}]
  pattern-sanitizers: [{pattern: clean(...)}]
- id: flow-in-scripts
  languages: [bash]
  severity: ERROR
  message: tainted
  mode: taint
  pattern-sources: [{pattern: $(source2)}]
  pattern-sinks: [{pattern: sink ...}]
";

/// A program: its mechanism and its files.
struct Program {
    name: String,
    files: Vec<(String, String)>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows")
}

fn programs(text: &str, extension: &str) -> Vec<Program> {
    let mut programs: Vec<Program> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            programs.push(Program { name: name.to_owned(), files: Vec::new() });
            continue;
        }
        let program = programs.last_mut().expect("a heading comes first");
        if let Some(path) = line.strip_prefix("-- ") {
            program.files.push((path.to_owned(), String::new()));
            continue;
        }
        if program.files.is_empty() {
            program.files.push((format!("main.{extension}"), String::new()));
        }
        let (_, text) = program.files.last_mut().expect("there is a file");
        text.push_str(line);
        text.push('\n');
    }
    programs
}

/// Lines that are reported, as `file:line`.
fn reported(program: &Program, rule: &Path) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder for the program");
    let entries = program
        .files
        .iter()
        .map(|(name, text)| {
            let absolute = folder.path().join(name);
            fs::create_dir_all(absolute.parent().expect("it lies in the folder")).expect("it can be made");
            fs::write(&absolute, text).expect("it can be written");
            FileEntry {
                path: RepoPath::new(name).expect("a path"),
                absolute,
                size: text.len() as u64,
                language: Language::from_file_name(name),
                changed: true,
                generated: false,
            }
        })
        .collect();
    let settings = SastSettings {
        rules: vec![rule.to_path_buf()],
        builtin: false,
        cross_file: program.files.len() > 1,
        ..SastSettings::default()
    };
    let scanner = SastScanner::new(settings).expect("the rule is valid");
    let inventory = Inventory::new(folder.path().to_path_buf(), entries, Vec::new());
    let (facts, events, cancel) = (Facts::default(), Events::ignored(), Cancel::new());
    let outcome = scanner.scan(&ScanContext {
        inventory: &inventory,
        facts: &facts,
        events: &events,
        cancel: &cancel,
        jobs: NonZeroUsize::MIN,
        cache: None,
    });
    let of = |finding: &tollgate_core::Finding| {
        let Subject::Code(code) = &finding.subject else { panic!("it is no finding in code") };
        format!("{}:{}", code.location.path, code.location.region.start().line)
    };
    let mut lines: BTreeSet<String> = outcome.findings.iter().map(of).collect();
    lines.extend(outcome.diagnostics.iter().map(|own| own.message.clone()));
    lines
}

/// What a program reports wrongly or fails to report.
fn faults(program: &Program, rule: &Path) -> String {
    let found = reported(program, rule);
    let mut faults = String::new();
    let mut known = BTreeSet::new();
    for (path, text) in &program.files {
        for (at, line) in text.lines().enumerate() {
            let name = format!("{path}:{}", at + 1);
            let expected = line.ends_with(" FLOW") || line.ends_with(" EXTRA");
            match (expected, found.contains(&name)) {
                (true, false) => writeln!(faults, "  - {name} {}", line.trim()),
                (false, true) => writeln!(faults, "  + {name} {}", line.trim()),
                _ => Ok(()),
            }
            .expect("a string takes it");
            known.insert(name);
        }
    }
    for other in found.difference(&known) {
        writeln!(faults, "  ! {other}").expect("a string takes it");
    }
    faults
}

fn check(language: &str, extension: &str) -> String {
    let rules = tempfile::tempdir().expect("a folder for the rule");
    let rule = rules.path().join("rule.yaml");
    fs::write(&rule, RULE).expect("it can be written");
    let text = fs::read_to_string(folder().join(format!("{language}.txt"))).expect("its programs");
    let mut all = String::new();
    for program in programs(&text, extension) {
        let faults = faults(&program, &rule);
        if !faults.is_empty() {
            writeln!(all, "{language} ({extension}), {}:\n{faults}", program.name)
                .expect("a string takes it");
        }
    }
    all
}

#[test]
fn flows_between_files_are_found_and_nothing_else() {
    let all = check("across", "");
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn flows_are_found_and_nothing_else() {
    let mut all = String::new();
    for (language, extension) in [
        ("python", "py"),
        ("javascript", "js"),
        ("javascript", "ts"),
        ("java", "java"),
        ("go", "go"),
        ("ruby", "rb"),
        ("php", "php"),
        ("csharp", "cs"),
        ("c", "c"),
        ("cpp", "cpp"),
        ("kotlin", "kt"),
        ("rust", "rs"),
        ("scala", "scala"),
        ("swift", "swift"),
        ("dart", "dart"),
        ("elixir", "ex"),
        ("bash", "sh"),
    ] {
        all.push_str(&check(language, extension));
    }
    assert!(all.is_empty(), "\n{all}");
}
