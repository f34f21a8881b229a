//! The examples do what their README files say.

use std::path::Path;

use crate::support::{Project, Run, repository, results};

fn scan(project: &Project, example: &str, scanners: &str) -> (i32, serde_json::Value) {
    let output = project
        .command(&repository())
        .args([
            "scan",
            &format!("examples/{example}"),
            "--scanner",
            scanners,
            "--format",
            "sarif",
            "--no-cache",
        ])
        .output()
        .unwrap();
    let run = Run::of(output);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    (run.code, report)
}

#[test]
fn the_vulnerable_shop_fails_and_its_safe_twins_are_silent() {
    let project = Project::new(&[]);
    let (code, report) = scan(&project, "vulnerable-shop", "sast,secrets");
    assert_eq!(code, 1);
    let found = results(&report);
    let sources = Path::new("examples/vulnerable-shop/shop");
    for (_, file, line) in found.iter().filter(|(_, file, _)| file.ends_with(".py")) {
        let text = std::fs::read_to_string(repository().join(file)).unwrap();
        let before: Vec<&str> = text.lines().take(usize::try_from(*line).unwrap()).collect();
        let function = before.iter().rev().find(|line| line.starts_with("def ")).unwrap_or(&"");
        assert!(!function.starts_with("def safe_"), "{file}:{line} is in the safe twin {function}");
    }
    let has = |file: &str, rule: &str| {
        let file = sources.join(file).display().to_string();
        found.iter().any(|(id, path, _)| *path == file && id.contains(rule))
    };
    assert!(has("catalog.py", "sql"), "{found:?}");
    assert!(has("tools.py", "command"), "{found:?}");
    assert!(has("tools.py", "deserialization"), "{found:?}");
    assert!(has("accounts.py", "weak-hash"), "{found:?}");
    assert!(has("settings.py", "secrets."), "{found:?}");
}

#[test]
fn the_quiet_service_has_no_findings() {
    let project = Project::new(&[]);
    let (code, report) = scan(&project, "quiet-service", "sast,secrets");
    assert_eq!((code, results(&report)), (0, Vec::new()));
}

#[test]
fn every_built_in_rule_passes_its_fixture() {
    let project = Project::new(&[]);
    let output = project.command(&repository()).args(["rules", "test", "rules"]).output().unwrap();
    let run = Run::of(output);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let output = project.command(&repository()).args(["rules", "lint", "rules"]).output().unwrap();
    let run = Run::of(output);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}
