//! Settings: where they come from, and what happens when they are wrong.

use crate::support::{FLAWED, Project, SHELL, results};

#[test]
fn an_unknown_key_is_named_with_its_place_and_a_suggestion() {
    let project = Project::new(&[("a.py", SHELL), ("tollgate.toml", "[gate]\nfail_on = \"high\"\n")]);
    let run = project.run(&["scan"]);
    assert_eq!(run.code, 2);
    for part in ["tollgate.toml", "fail_on", "did you mean `fail-on`?", "2"] {
        assert!(run.stderr.contains(part), "{part} missing in {}", run.stderr);
    }
}

#[test]
fn every_setting_can_be_traced() {
    let project = Project::new(&[
        ("a.py", SHELL),
        ("tollgate.toml", "[gate]\nfail-on = \"medium\"\n[sast]\npack = \"extended\"\n"),
    ]);
    let run = project.run(&["scan", "--dry-run", "--max", "low=3"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in ["gate.fail-on", "tollgate.toml:2", "gate.max.low", "--max", "sast.pack", "tollgate.toml:4"] {
        assert!(run.stdout.contains(part), "{part} missing in {}", run.stdout);
    }
}

#[test]
fn thresholds_decide_about_the_exit_code() {
    let project = Project::new(&[("a.py", FLAWED)]);
    assert_eq!(project.sarif(&[]).0, 0, "a medium finding does not fail the default gate");
    assert_eq!(project.sarif(&["--fail-on", "medium"]).0, 1);
    assert_eq!(project.sarif(&["--max", "medium=0"]).0, 1);
    assert_eq!(project.sarif(&["--max", "medium=1"]).0, 0);
}

#[test]
fn a_locked_policy_cannot_be_loosened() {
    let project = Project::new(&[
        ("a.py", SHELL),
        ("policy.toml", "locked = [\"gate\"]\n[gate]\nfail-on = \"high\"\n"),
        ("tollgate.toml", "extends = [\"policy.toml\"]\n[gate]\nfail-on = \"none\"\n"),
    ]);
    let run = project.run(&["scan", "--scanner", "sast"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("is refused"), "{}", run.stdout);
}

#[test]
fn a_waiver_needs_a_reason_and_a_date() {
    let waiver = |rest: &str| {
        let text = format!("[[waiver]]\nrule = \"python.stdlib.shell-command-from-variable\"\n{rest}");
        Project::new(&[("a.py", SHELL), ("tollgate.toml", &text)]).sarif(&[]).0
    };
    assert_eq!(waiver("reason = \"accepted\"\nexpires = 2999-01-01\n"), 0);
    assert_eq!(
        waiver("reason = \"accepted\"\nexpires = 2001-01-01\n"),
        1,
        "an expired waiver counts as absent"
    );
    assert_eq!(waiver("expires = 2999-01-01\n"), 1, "a waiver without reason counts as absent");
}

#[test]
fn a_baseline_hides_what_was_there_before() {
    let project = Project::new(&[("a.py", SHELL)]);
    let written = project.run(&["baseline", "write", "--to", "base.sarif", "--scanner", "sast"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert_eq!(project.sarif(&["--baseline", "base.sarif"]).0, 1, "without new-only everything gates");
    project.write("tollgate.toml", b"[gate]\nnew-only = true\n");
    assert_eq!(project.sarif(&["--baseline", "base.sarif"]).0, 0);
    project.write("b.py", SHELL.as_bytes());
    let (code, report) = project.sarif(&["--baseline", "base.sarif"]);
    assert_eq!(code, 1);
    let states: Vec<&str> = report["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["baselineState"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(states, ["unchanged", "new"]);
}

#[test]
fn profiles_and_scanners_are_checked() {
    let project = Project::new(&[("a.py", SHELL)]);
    let run = project.run(&["scan", "--profile", "pre-pish"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("pre-push"), "{}", run.stderr);
    let run = project.run(&["scan", "--scanner", "sats"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("sast"), "{}", run.stderr);
}

#[test]
fn ignored_files_are_not_scanned() {
    let project = Project::new(&[
        ("a.py", SHELL),
        ("node_modules/x.py", SHELL),
        ("skip/b.py", SHELL),
        (".tollgateignore", "skip/\n"),
    ]);
    let (_, report) = project.sarif(&[]);
    assert_eq!(results(&report).into_iter().map(|(_, file, _)| file).collect::<Vec<_>>(), ["a.py"]);
}

#[test]
fn init_writes_a_configuration_that_loads() {
    let project = Project::new(&[("a.py", "x = 1\n")]);
    assert_eq!(project.run(&["init"]).code, 0);
    let run = project.run(&["scan", "--scanner", "sast"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(project.run(&["init"]).code, 2, "an existing file is not overwritten");
}
