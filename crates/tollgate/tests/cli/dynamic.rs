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

/// Scans the shop, which the scan starts itself; `None` without Flask.
fn scan_shop(runner: &str, scanners: &str) -> Option<serde_json::Value> {
    let Some(python) = python_with_flask() else {
        assert!(std::env::var_os("TOLLGATE_REQUIRE_FLASK").is_none(), "Flask is required and not installed");
        eprintln!("SKIPPED the dynamic scan of the example: install python3-flask");
        return None;
    };
    let project = Project::new(&[]);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = format!(
        "[dast]\ntarget = \"http://127.0.0.1:{port}\"\nrunner = \"{runner}\"\nactive = true\n\
         [dast.budget]\nrequests = 6000\ntime = \"4m\"\n\
         [dast.start]\ncommand = [\"{python}\", \"-m\", \"shop\"]\ndirectory = \"{}\"\n\
         ready = {{ path = \"/health\", timeout = \"60s\" }}\nenv = {{ SHOP_PORT = \"{port}\", PYTHONDONTWRITEBYTECODE = \"1\" }}\n",
        repository().join("examples/vulnerable-shop").display()
    );
    project.write("dast.toml", config.as_bytes());
    let output = project
        .command(&repository())
        .args([
            "scan",
            "examples/vulnerable-shop",
            "--scanner",
            scanners,
            "--format",
            "sarif",
            "--no-cache",
            "--config",
        ])
        .arg(project.path("tree").join("dast.toml"))
        .output()
        .unwrap();
    let run = Run::of(output);
    assert_eq!(run.code, 1, "{}", run.stderr);
    Some(serde_json::from_str(&run.stdout).unwrap())
}

#[test]
fn the_shop_is_scanned_while_it_runs_and_its_safe_twins_are_silent() {
    let Some(report) = scan_shop("process", "sast,dast") else { return };
    let found = report["runs"][0]["results"].as_array().unwrap();
    let urls: Vec<&str> = found.iter().filter_map(|result| result["properties"]["url"].as_str()).collect();
    let paths = [
        "/products",
        "/greet",
        "/manuals",
        "/ping",
        "/stock",
        "/badge",
        "/members/register",
        "/members/login",
    ];
    for path in paths {
        let hit = urls
            .iter()
            .any(|url| url.split('?').next().unwrap_or_default().ends_with(path) && !url.contains("/safe/"));
        assert!(hit, "{path} is not among {urls:?}");
    }
    let is_active = |result: &&serde_json::Value| {
        result["properties"]["parameter"].is_string() || result["properties"]["parameter"].is_object()
    };
    let in_safe: Vec<&serde_json::Value> = found
        .iter()
        .filter(is_active)
        .filter(|result| result["properties"]["url"].as_str().is_some_and(|url| url.contains("/safe/")))
        .collect();
    assert!(in_safe.is_empty(), "{in_safe:#?}");
}

/// Rule and route of every dynamic result, sorted.
fn dynamic_results(report: &serde_json::Value) -> Vec<(String, String)> {
    let results = report["runs"][0]["results"].as_array().unwrap();
    let mut found: Vec<(String, String)> = results
        .iter()
        .filter_map(|result| {
            let route = result["properties"]["route"].as_str()?;
            Some((result["ruleId"].as_str()?.to_owned(), route.to_owned()))
        })
        .collect();
    found.sort();
    found
}

/// Files of the results that the static and the dynamic scan confirm to each other, sorted.
fn confirmed(report: &serde_json::Value) -> Vec<String> {
    let results = report["runs"][0]["results"].as_array().unwrap();
    let mut files: Vec<String> = results
        .iter()
        .filter(|result| result["properties"]["confirmed"] == true)
        .map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].to_string())
        .collect();
    files.sort();
    files
}

#[test]
fn reports_of_separate_steps_confirm_each_other_when_merged() {
    let Some(dynamic) = scan_shop("process", "dast") else { return };
    assert_eq!(confirmed(&dynamic), Vec::<String>::new());
    let project = Project::new(&[]);
    project.write("dynamic.sarif", dynamic.to_string().as_bytes());
    let run = |arguments: &[&str]| {
        let run = Run::of(project.command(&repository()).args(arguments).output().unwrap());
        assert_eq!(run.code, 1, "{}", run.stderr);
        run.stdout
    };
    let source = run(&["scan", "examples/vulnerable-shop", "--scanner", "sast", "--format", "sarif"]);
    project.write("static.sarif", source.as_bytes());
    let folder = project.path("tree");
    let [first, second] =
        ["static.sarif", "dynamic.sarif"].map(|name| folder.join(name).display().to_string());
    let merged = run(&["merge", &first, &second, "--format", "sarif"]);
    let merged: serde_json::Value = serde_json::from_str(&merged).unwrap();
    let files = confirmed(&merged).join(" ");
    for file in ["catalog.py", "tools.py", "pages.py"] {
        assert!(files.contains(file), "{file} is not among {files}");
    }
}

#[test]
fn a_contained_scan_finds_what_one_in_process_finds() {
    let has_engine = std::env::var_os("DOCKER_HOST").is_some()
        || std::os::unix::net::UnixStream::connect("/var/run/docker.sock").is_ok();
    if !has_engine {
        assert!(std::env::var_os("TOLLGATE_REQUIRE_ENGINE").is_none(), "a container engine is required");
        eprintln!("SKIPPED the contained scan of the example: no container engine answers");
        return;
    }
    let (Some(contained), Some(in_process)) = (scan_shop("container", "dast"), scan_shop("process", "dast"))
    else {
        return;
    };
    assert_eq!(contained["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(dynamic_results(&contained), dynamic_results(&in_process));
}
