//! The formats of other programs.

use jsonschema::{Retrieve, Uri};
use serde_json::Value;
use tollgate_core::{MergedFinding, Report, Subject};
use tollgate_report::{Format, GitlabReport, WriteOptions, write};

use crate::sample;
use crate::written::{assert_valid, json, schema, written};

/// The schemas that the `CycloneDX` schema refers to.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        Ok(schema(&name))
    }
}

#[test]
fn cyclonedx_follows_its_schema() {
    let bom = schema("cyclonedx-bom-1.6.schema.json");
    let validator = jsonschema::options().with_retriever(Beside).build(&bom).unwrap();
    let document = json(Format::Cyclonedx, &sample::report());
    assert_valid(&validator, &document);
    assert_eq!(document["components"].as_array().unwrap().len(), 2);
    assert_eq!(document["vulnerabilities"][0]["affects"][0]["ref"], "pkg:npm/lodash@4.17.15");
    assert_eq!(document["dependencies"][1]["dependsOn"][0], "pkg:npm/lodash@4.17.15");
    let mut bare = sample::report();
    bare.packages.clear();
    assert_valid(&validator, &json(Format::Cyclonedx, &bare));
}

fn gitlab(report: &Report, kind: GitlabReport) -> Value {
    let mut out = Vec::new();
    let options = WriteOptions { gitlab: kind, ..WriteOptions::default() };
    write(Format::Gitlab, report, &options, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn gitlab_follows_its_schema() {
    let mut sast = schema("gitlab-sast-report-15.2.1.abridged.schema.json");
    // Its own name would be taken for the address of another document.
    sast.as_object_mut().unwrap().remove("$id");
    let validator = jsonschema::draft7::new(&sast).unwrap();
    let document = gitlab(&sample::report(), GitlabReport::Sast);
    assert_valid(&validator, &document);
    assert_eq!(document["vulnerabilities"].as_array().unwrap().len(), 3);
    assert_eq!(document["scan"]["status"], "failure");
}

#[test]
fn gitlab_has_a_report_for_each_kind() {
    let mut report = sample::report();
    for merged in &mut report.findings {
        merged.suppressions.clear();
    }
    let secrets = gitlab(&report, GitlabReport::SecretDetection);
    assert_eq!(secrets["vulnerabilities"].as_array().unwrap().len(), 1);
    assert!(secrets.pointer("/vulnerabilities/0/location/commit/sha").is_some());
    let packages = gitlab(&report, GitlabReport::DependencyScanning);
    let location = packages.pointer("/vulnerabilities/0/location/dependency").unwrap();
    assert_eq!(location["package"]["name"], "lodash");
    assert_eq!(packages["dependency_files"][0]["dependencies"].as_array().unwrap().len(), 2);
    let dynamic = gitlab(&report, GitlabReport::Dast);
    assert_eq!(dynamic["vulnerabilities"].as_array().unwrap().len(), 2, "what confirms counts too");
    assert_eq!(dynamic.pointer("/vulnerabilities/0/location/hostname").unwrap(), "http://127.0.0.1:5000");
    assert!(dynamic["scan"]["scanned_resources"].is_array());
}

#[test]
fn junit() {
    insta::assert_snapshot!(written(Format::Junit, &sample::report()));
}

#[test]
fn csv_has_a_row_for_each_finding() {
    let text = written(Format::Csv, &sample::report());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 7);
    assert_eq!(&rows[1][12], "lodash");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(written(Format::Markdown, &sample::report()));
}

#[test]
fn markdown_stays_short() {
    let mut report = sample::report();
    let template = report.findings[0].clone();
    let long = |at: usize| -> MergedFinding {
        let mut merged = template.clone();
        merged.finding.message = format!("{at} {}", "word ".repeat(at % 400));
        merged
    };
    report.findings = (0..3_000).map(long).collect();
    let text = written(Format::Markdown, &report);
    assert!(text.len() < 65_000, "{}", text.len());
    assert!(text.contains("more; the full report has them all"));
    assert!(text.contains("<summary>Scanners</summary>"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());

    report.findings.truncate(1);
    if let Subject::Code(code) = &mut report.findings[0].finding.subject {
        code.location.snippet.as_mut().unwrap().text = "x".repeat(200_000);
    }
    report.findings[0].finding.message = "`".repeat(100_000);
    assert!(written(Format::Markdown, &report).len() < 65_000);
}

#[test]
fn html_keeps_hostile_text_inert() {
    let mut report = sample::report();
    let hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>";
    report.findings[0].finding.message = hostile.to_owned();
    report.root = Some(hostile.to_owned());
    let page = written(Format::Html, &report);
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img"));
    assert!(page.contains("Content-Security-Policy") && !page.contains("unsafe-inline"));
}
