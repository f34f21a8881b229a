//! Files that are written: valid by their schemas, the same every time, restored when read.

use std::io::Cursor;

use serde_json::Value;
use tollgate_core::{Region, Report, SourceLocation, Subject};
use tollgate_report::{Format, ReadOptions, WriteOptions, read_sarif, write};

use crate::sample;

pub(crate) fn written(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    write(format, report, &WriteOptions::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) fn json(format: Format, report: &Report) -> Value {
    serde_json::from_str(&written(format, report)).unwrap()
}

pub(crate) fn schema(name: &str) -> Value {
    let path = format!("{}/tests/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
pub(crate) fn assert_valid(validator: &jsonschema::Validator, document: &Value) {
    let faults: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sarif_follows_its_schema() {
    let validator = jsonschema::draft4::new(&schema("sarif-schema-2.1.0.json")).unwrap();
    assert_valid(&validator, &json(Format::Sarif, &sample::report()));
}

#[test]
fn sarif_says_what_the_documentation_promises() {
    let log = json(Format::Sarif, &sample::report());
    let run = &log["runs"][0];
    let at = |pointer: &str| run.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing"));
    assert_eq!(at("/tool/driver/name"), "Tollgate");
    assert_eq!(at("/tool/extensions/0/name"), "sast");
    assert_eq!(at("/properties/verdict"), "fail");
    assert_eq!(at("/invocations/0/executionSuccessful"), false);
    assert_eq!(at("/invocations/0/exitCode"), 1);
    assert_eq!(at("/originalUriBaseIds/%SRCROOT%/uri"), "file:///home/dev/my%20shop/");
    assert_eq!(at("/versionControlProvenance/0/repositoryUri"), "ssh://git@example.org/team/shop.git");

    let code = at("/results/0");
    assert_eq!(code["ruleId"], "python.flask.sql-injection");
    let rule = code.pointer("/rule/index").unwrap().as_u64().unwrap();
    let extension = code.pointer("/rule/toolComponent/index").unwrap().as_u64().unwrap();
    assert_eq!(at(&format!("/tool/extensions/{extension}/rules/{rule}/id")), "python.flask.sql-injection");
    assert_eq!(code["level"], "error");
    assert_eq!(code["rank"], 100.0);
    assert_eq!(code["baselineState"], "new");
    assert_eq!(code.pointer("/properties/security-severity").unwrap(), "9.8");
    let tags = code.pointer("/properties/tags").unwrap().as_array().unwrap();
    assert!(tags.contains(&"security".into()) && tags.contains(&"external/cwe/cwe-089".into()));
    assert_eq!(code.pointer("/properties/sources").unwrap().as_array().unwrap().len(), 2);
    assert_eq!(code.pointer("/codeFlows/0/threadFlows/0/locations").unwrap().as_array().unwrap().len(), 4);
    assert_eq!(code.pointer("/webRequest/method").unwrap(), "GET");
    assert_eq!(code.pointer("/properties/parameter").unwrap(), "name");
    assert!(code.pointer("/partialFingerprints/tollgate~1v1").unwrap().as_str().unwrap().len() == 32);
    assert!(code.pointer("/partialFingerprints/primaryLocationLineHash").is_some());

    let package = at("/results/1");
    assert_eq!(package["ruleId"], "GHSA-p6mc-m468-83gw");
    let names = [
        "purl",
        "ecosystem",
        "package",
        "version",
        "aliases",
        "fixedVersions",
        "dependencyPath",
        "reachable",
        "epss",
        "kev",
    ];
    for name in names {
        assert!(package["properties"].get(name).is_some(), "{name}");
    }
    let dynamic = at("/results/4");
    for name in ["url", "method", "parameter", "evidence", "curl"] {
        assert!(dynamic["properties"].get(name).is_some(), "{name}");
    }
    assert_eq!(at("/results/3/suppressions").as_array().unwrap().len(), 2);
}

#[test]
fn a_stored_report_is_restored() {
    let report = sample::report();
    let stored = written(Format::Sarif, &report);
    let read =
        read_sarif(Cursor::new(&stored), &ReadOptions { name: "r.sarif", ..ReadOptions::default() }).unwrap();
    assert!(read.is_tollgate());
    let [restored] = read.own.as_slice() else { panic!("one report") };

    // Only rules that had to be added differ, and of a package's place the line is kept.
    let mut expected = report.clone();
    for package in &mut expected.packages {
        let line = package.location.region.start().line;
        package.location = SourceLocation::new(package.location.path.clone(), Region::line(line));
    }
    for summary in &mut expected.scanners {
        summary.rules =
            restored.scanners.iter().find(|s| s.scanner == summary.scanner).unwrap().rules.clone();
    }
    for (restored, expected) in restored.findings.iter().zip(&expected.findings) {
        assert_eq!(restored, expected);
    }
    assert_eq!(restored, &expected);
    assert_eq!(written(Format::Sarif, restored), stored);
    assert_eq!(restored.scanners[0].rules.len(), 2);
    assert_eq!(restored.scanners[0].rules[1], report.scanners[0].rules[0]);
}

#[test]
fn json_holds_every_finding() {
    let document = json(Format::Json, &sample::report());
    assert_eq!(document["format"], "tollgate-report/1");
    assert_eq!(document["verdict"]["result"], "fail");
    assert_eq!(document["findings"].as_array().unwrap().len(), 7);
    assert_eq!(document["findings"][0]["subject"]["kind"], "code");
    assert_eq!(document["summary"]["critical"], 1);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(written(format, &sample::report()), written(format, &sample::report()), "{format}");
    }
}

#[test]
fn time_stands_only_in_invocations() {
    let mut later = sample::report();
    later.invocation.started = Some("2027-01-01T00:00:00Z".to_owned());
    later.invocation.ended = None;
    later.scanners[0].elapsed = std::time::Duration::from_secs(99);
    for (format, key) in [(Format::Sarif, "/runs/0/invocations"), (Format::Json, "/invocation")] {
        let scrubbed = |report: &Report| {
            let mut document = json(format, report);
            *document.pointer_mut(key).unwrap() = Value::Null;
            document
        };
        assert_eq!(scrubbed(&sample::report()), scrubbed(&later), "{format}");
    }
}

#[test]
fn an_empty_report_is_a_report_too() {
    let mut report = sample::report();
    report.findings.clear();
    report.scanners.clear();
    report.packages.clear();
    report.diagnostics.clear();
    report.root = None;
    report.invocation = tollgate_core::report::Invocation::default();
    report.verdict = tollgate_core::Verdict::Pass;
    let validator = jsonschema::draft4::new(&schema("sarif-schema-2.1.0.json")).unwrap();
    assert_valid(&validator, &json(Format::Sarif, &report));
    for format in Format::ALL {
        assert!(!written(format, &report).is_empty(), "{format}");
    }
    let stored = written(Format::Sarif, &report);
    let read = read_sarif(Cursor::new(&stored), &ReadOptions::default()).unwrap();
    assert_eq!(read.own, [report]);
}

#[test]
fn sample_has_every_kind_of_subject() {
    let report = sample::report();
    let has = |wanted: fn(&Subject) -> bool| report.findings.iter().any(|m| wanted(&m.finding.subject));
    assert!(has(|s| matches!(s, Subject::Code(_))) && has(|s| matches!(s, Subject::Package(_))));
    assert!(has(|s| matches!(s, Subject::Endpoint(_))) && has(|s| matches!(s, Subject::Nowhere)));
}
