//! What Ctrl-C leaves behind.

use std::net::TcpListener;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{FLAWED, Project, Run, results};

/// A scan that is interrupted while its target keeps it waiting.
#[test]
fn an_interrupted_scan_reports_what_it_found_and_says_it_is_incomplete() {
    let project = Project::new(&[("a.py", FLAWED)]);
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = format!(
        "[dast]\ntarget = \"http://{}\"\nrunner = \"process\"\n[gate]\nfail-on = \"none\"\n",
        target.local_addr().unwrap()
    );
    project.write("tollgate.toml", config.as_bytes());
    let report = project.path("report.sarif");
    let scan = project
        .command(&project.path("tree"))
        .args(["scan", "--scanner", "sast,dast", "--no-progress", "-o"])
        .arg(&report)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The static scan is over when the web scanner asks for its first page, which never comes.
    let (connection, _) = target.accept().unwrap();
    kill_process(Pid::from_child(&scan), Signal::INT).unwrap();
    let run = Run::of(scan.wait_with_output().unwrap());
    drop(connection);
    assert_eq!(run.code, 130, "{}", run.stderr);
    assert!(run.stdout.contains("the scan was interrupted"), "{}", run.stdout);
    let report = std::fs::read(&report).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let found = results(&report);
    assert!(
        found.iter().any(|(rule, file, line)| rule.contains("hash") && file == "a.py" && *line == 5),
        "{found:?}"
    );
}
