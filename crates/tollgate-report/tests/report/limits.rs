//! The limits of code hosts.

use tollgate_core::{Report, Severity};
use tollgate_report::Format;
use tollgate_report::sarif::limits::{MAX_COMPRESSED_BYTES, MAX_LOCATIONS, MAX_RESULTS, MAX_TAGS};

use crate::sample;
use crate::written::json;

/// A report of many findings with little in them.
fn many(count: usize, text: impl Fn(usize) -> String) -> Report {
    let mut report = sample::report();
    let template = report.findings[2].clone();
    report.findings = (0..count)
        .map(|at| {
            let mut merged = template.clone();
            merged.finding.message = text(at);
            merged.finding.severity = Some(if at % 100 == 99 { Severity::Critical } else { Severity::Low });
            merged
        })
        .collect();
    report.findings.sort_by_key(|merged| std::cmp::Reverse(merged.finding.severity));
    report
}

fn notices(log: &serde_json::Value) -> Vec<String> {
    log.pointer("/runs/0/invocations/0/toolExecutionNotifications")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|n| n["message"]["text"].as_str())
        .filter(|text| text.contains("left out"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_most_severe_results_stay() {
    let log = json(Format::Sarif, &many(MAX_RESULTS + 500, |_| "odd".to_owned()));
    let results = log.pointer("/runs/0/results").unwrap().as_array().unwrap();
    assert_eq!(results.len(), MAX_RESULTS);
    let errors = results.iter().filter(|result| result["level"] == "error").count();
    assert_eq!(errors, (MAX_RESULTS + 500) / 100);
    let expected =
        "500 of 25500 results were left out to keep the limits of code hosts; the most severe stay";
    assert_eq!(notices(&log), [expected]);
    assert_eq!(log.pointer("/runs/0/properties/tollgate/omitted/low").unwrap(), 500);
}

#[test]
fn the_file_stays_small_enough_to_upload() {
    use flate2::{Compression, write::GzEncoder};
    // Text that no compression shortens much.
    let noise = |at: usize| {
        let mut state = at as u64 + 1;
        let mut text = String::new();
        while text.len() < 8_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(&format!("{:016x}", state.rotate_left(17)));
        }
        text
    };
    let report = many(4_000, noise);
    let log = json(Format::Sarif, &report);
    let results = log.pointer("/runs/0/results").unwrap().as_array().unwrap();
    assert!(results.len() > 500 && results.len() < 4_000, "{}", results.len());
    assert_eq!(notices(&log).len(), 1);
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut gz, crate::written::written(Format::Sarif, &report).as_bytes()).unwrap();
    assert!((gz.finish().unwrap().len() as u64) < MAX_COMPRESSED_BYTES);
}

#[test]
fn single_results_and_rules_keep_their_limits() {
    let mut report = sample::report();
    let related = report.findings[0].finding.related[0].clone();
    report.findings[0].finding.related = vec![related; 3_000];
    report.scanners[0].rules[0].tags = (0..40).map(|at| format!("tag-{at}")).collect();
    let log = json(Format::Sarif, &report);
    let related = log.pointer("/runs/0/results/0/relatedLocations").unwrap().as_array().unwrap().len();
    assert!(related < MAX_LOCATIONS);
    let tags = log.pointer("/runs/0/tool/extensions/0/rules/1/properties/tags").unwrap();
    assert_eq!(tags.as_array().unwrap().len(), MAX_TAGS);
    assert_eq!(tags[1], "external/cwe/cwe-089");
}
