//! The dynamic scan of the example, started by the scan itself.

use std::process::Command;

use crate::support::{Project, Run, repository};

/// Debian's own Python has Debian's Flask.
fn python_with_flask() -> Option<&'static str> {
    let has_flask = |python: &str| {
        Command::new(python).args(["-c", "import flask"]).output().is_ok_and(|output| output.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(|python| has_flask(python))
}

#[test]
fn static_and_dynamic_findings_of_the_shop_confirm_each_other() {
    let Some(python) = python_with_flask() else {
        assert!(std::env::var_os("TOLLGATE_REQUIRE_FLASK").is_none(), "Flask is required and not installed");
        eprintln!("SKIPPED the dynamic scan of the example: install python3-flask");
        return;
    };
    let project = Project::new(&[]);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = format!(
        "[dast]\ntarget = \"http://127.0.0.1:{port}\"\nrunner = \"process\"\nactive = true\n\
         [dast.budget]\nrequests = 6000\ntime = \"4m\"\n\
         [dast.start]\ncommand = [\"{python}\", \"-m\", \"shop\"]\ndirectory = \"{}\"\n\
         ready = {{ path = \"/health\", timeout = \"60s\" }}\nenv = {{ SHOP_PORT = \"{port}\" }}\n",
        repository().join("examples/vulnerable-shop").display()
    );
    project.write("dast.toml", config.as_bytes());
    let output = project
        .command(&repository())
        .args(["scan", "examples/vulnerable-shop", "--scanner", "sast,dast", "--format", "sarif", "--no-cache", "--config"])
        .arg(project.path("tree").join("dast.toml"))
        .output()
        .unwrap();
    let run = Run::of(output);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let found = report["runs"][0]["results"].as_array().unwrap();
    let urls: Vec<&str> = found.iter().filter_map(|result| result["properties"]["url"].as_str()).collect();
    for path in ["/products", "/greet", "/manuals", "/ping"] {
        let hit = urls.iter().any(|url| url.split('?').next().unwrap_or_default().ends_with(path) && !url.contains("/safe/"));
        assert!(hit, "{path} is not among {urls:?}");
    }
    let is_active = |result: &&serde_json::Value| result["properties"]["parameter"].is_string() || result["properties"]["parameter"].is_object();
    let in_safe: Vec<&serde_json::Value> = found
        .iter()
        .filter(is_active)
        .filter(|result| result["properties"]["url"].as_str().is_some_and(|url| url.contains("/safe/")))
        .collect();
    assert!(in_safe.is_empty(), "{in_safe:#?}");
}
