//! Reports: their formats, their identity, the same bytes for the same input.

use crate::support::{FLAWED, Project, SHELL, repository, results};

#[test]
fn the_report_passes_the_official_schema() {
    let project = Project::new(&[("a.py", SHELL), ("b.py", FLAWED)]);
    let (code, report) = project.sarif(&[]);
    assert_eq!(code, 1);
    let schema = std::fs::read_to_string(
        repository().join("crates/tollgate-report/tests/schemas/sarif-schema-2.1.0.json"),
    )
    .unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let files: Vec<(String, String)> =
        (0..40).map(|n| (format!("m{n}/f{}.py", n * 7 % 40), format!("{SHELL}\n# {n}\n"))).collect();
    let borrowed: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let project = Project::new(&borrowed);
    let report = |jobs: &str| {
        let (_, mut report) = project.sarif(&["--jobs", jobs, "--no-cache"]);
        report["runs"][0].as_object_mut().unwrap().remove("invocations");
        report.to_string()
    };
    let one = report("1");
    assert_eq!(one, report("1"));
    assert_eq!(one, report("4"));
}

#[test]
fn a_cached_scan_reports_the_same() {
    let project = Project::new(&[("a.py", SHELL), ("b.py", FLAWED)]);
    let cold = results(&project.sarif(&[]).1);
    let warm = results(&project.sarif(&[]).1);
    assert_eq!(cold, warm);
    for entry in walk(&project.path("cache")) {
        std::fs::write(&entry, b"garbage").unwrap();
    }
    assert_eq!(results(&project.sarif(&[]).1), cold, "a corrupt cache is rebuilt");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { open.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files
}

#[test]
fn every_format_can_be_written_at_once() {
    let project = Project::new(&[("a.py", SHELL)]);
    let names = [
        "r.sarif",
        "r.json",
        "r.html",
        "r.junit.xml",
        "r.md",
        "r.gitlab.json",
        "r.csv",
        "r.cdx.json",
        "r.txt",
    ];
    let mut arguments = vec!["scan", "--scanner", "sast", "-q"];
    for name in names {
        arguments.extend(["-o", name]);
    }
    let run = project.run(&arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for name in names {
        let text = std::fs::read_to_string(project.path("tree").join(name)).unwrap();
        assert!(!text.is_empty(), "{name}");
    }
}

#[test]
fn gating_a_stored_report_gives_the_verdict_of_its_scan() {
    let project = Project::new(&[("a.py", SHELL)]);
    assert_eq!(project.run(&["scan", "--scanner", "sast", "-o", "r.sarif"]).code, 1);
    assert_eq!(project.run(&["gate", "r.sarif"]).code, 1);
    assert_eq!(project.run(&["gate", "r.sarif", "--fail-on", "critical"]).code, 0);
}

#[test]
fn merging_a_report_with_itself_changes_nothing() {
    let project = Project::new(&[("a.py", SHELL), ("b.py", FLAWED)]);
    assert_eq!(project.run(&["scan", "--scanner", "sast", "-o", "r.sarif"]).code, 1);
    let run = project.run(&["merge", "r.sarif", "r.sarif", "--format", "sarif"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let merged: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(results(&merged).len(), 2);
}

#[test]
fn another_tools_report_of_the_same_flaw_is_one_finding() {
    let foreign = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Other","rules":[
        {"id":"shell","properties":{"tags":["external/cwe/cwe-078"]}}]}},"results":[
        {"ruleId":"shell","message":{"text":"shell"},"level":"error","locations":[{"physicalLocation":
        {"artifactLocation":{"uri":"a.py"},"region":{"startLine":5,"startColumn":5,"endColumn":30}}}]}]}]}"#;
    let project = Project::new(&[("a.py", SHELL), ("other.sarif", foreign)]);
    let (code, report) = project.sarif(&["--import", "other.sarif"]);
    assert_eq!(code, 1);
    assert_eq!(results(&report).len(), 1, "{report:#}");
    let sources = report["runs"][0]["results"][0]["properties"]["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 2);
}

#[test]
fn text_needs_no_colour_and_says_why() {
    let project = Project::new(&[("a.py", SHELL)]);
    let run = project.run(&["scan", "--scanner", "sast", "--color", "never"]);
    assert_eq!(run.code, 1);
    assert!(!run.stdout.contains('\u{1b}'));
    for part in ["a.py", "os.system", "python.stdlib.shell-command-from-variable", "CWE-78"] {
        assert!(run.stdout.contains(part), "{part} missing in {}", run.stdout);
    }
    assert!(run.stdout.to_lowercase().contains("fail"), "{}", run.stdout);
}

#[test]
fn quiet_prints_nothing_on_stderr() {
    let project = Project::new(&[("a.py", "x = 1\n")]);
    let run = project.run(&["scan", "--scanner", "sast", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
