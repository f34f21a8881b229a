//! SARIF as other tools write it.

use std::fmt::Write as _;
use std::io::Cursor;

use serde_json::{Value, json};
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::location::StepKind;
use tollgate_core::{
    Confidence, Cwe, DiagnosticLevel, Finding, Region, RepoPath, Severity, Subject, SuppressionKind,
};
use tollgate_report::{ImportedReport, ReadError, ReadOptions, read_sarif};

fn read_bytes(bytes: &[u8]) -> Result<ImportedReport, ReadError> {
    let contains = |path: &RepoPath| ["src/a.py", "src/b c.py"].contains(&path.as_str());
    let options = ReadOptions {
        name: "x.sarif",
        root: Some("/work/shop"),
        contains: Some(&contains),
        ..ReadOptions::default()
    };
    read_sarif(Cursor::new(bytes), &options)
}

fn read(log: &Value) -> ImportedReport {
    read_bytes(log.to_string().as_bytes()).unwrap()
}

/// A log with one run of the given members.
fn log(members: Value) -> Value {
    let mut run = json!({"tool": {"driver": {"name": "Some Tool", "rules": [
        {"id": "R1", "shortDescription": {"text": "First rule"},
         "properties": {"tags": ["external/cwe/cwe-079"]},
         "messageStrings": {"default": {"text": "{0} flows into {1}"}}},
        {"id": "R2", "defaultConfiguration": {"level": "error"}, "properties": {"security-severity": "9.1"}},
        {"id": "R3", "defaultConfiguration": {"level": "note"}},
    ]}}});
    for (key, value) in members.as_object().unwrap() {
        run[key] = value.clone();
    }
    json!({"version": "2.1.0", "runs": [run]})
}

/// The finding that a single result becomes.
#[track_caller]
fn one(result: Value) -> Finding {
    one_of(json!({"results": [result]}))
}

#[track_caller]
fn one_of(run: Value) -> Finding {
    let report = read(&log(run));
    let [outcome] = report.outcomes.as_slice() else { panic!("one tool") };
    let [finding] = outcome.findings.as_slice() else { panic!("one finding: {outcome:?}") };
    finding.clone()
}

fn at(uri: &str, region: Value) -> Value {
    json!([{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}])
}

fn faults(report: &ImportedReport) -> Vec<(DiagnosticLevel, String)> {
    report.outcomes.iter().flat_map(|o| &o.diagnostics).map(|d| (d.level, d.message.clone())).collect()
}

#[test]
fn an_ordinary_result() {
    let finding = one(json!({
        "ruleId": "R1", "message": {"text": "Bad"}, "level": "error",
        "locations": at("src/a.py", json!({"startLine": 3, "startColumn": 2, "endColumn": 9, "snippet": {"text": "f(  x )"}})),
    }));
    assert_eq!(finding.scanner.as_str(), "some tool");
    assert_eq!(finding.rule.as_str(), "R1");
    assert_eq!(finding.severity, Some(Severity::High));
    assert_eq!(finding.cwes, [Cwe(79)]);
    let Subject::Code(code) = &finding.subject else { panic!() };
    assert_eq!(code.location.path.as_str(), "src/a.py");
    assert_eq!(code.location.region.start().column, 2);
    assert_eq!(code.identity, "f( x )");
}

#[test]
fn encodings_and_line_ends() {
    let text = log(json!({"results": [{"ruleId": "R1", "message": {"text": "ü"}}]})).to_string();
    let utf16 =
        |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let check = |bytes: &[u8]| {
        assert_eq!(read_bytes(bytes).unwrap().outcomes[0].findings[0].message, "ü");
    };
    check(text.as_bytes());
    check(format!("\u{feff}{text}").as_bytes());
    check(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes));
    check(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes));
    check(format!("\r\n{}\r\n", text.replace(',', ",\r\n")).as_bytes());
}

#[test]
fn paths() {
    let check = |location: Value, expected: &str| {
        let run = json!({
            "originalUriBaseIds": {
                "%SRCROOT%": {"uri": "file:///home/ci/shop/"},
                "LIB": {"uri": "lib", "uriBaseId": "%SRCROOT%"},
            },
            "artifacts": [{"location": {"uri": "src/from%20index.py"}}],
            "results": [{"ruleId": "R1", "message": {"text": "m"},
                         "locations": [{"physicalLocation": {"artifactLocation": location}}]}],
        });
        let finding = one_of(run);
        assert_eq!(finding.source().unwrap().path.as_str(), expected);
    };
    check(json!({"uri": "src/b%20c.py"}), "src/b c.py");
    check(json!({"uri": "src/b c.py"}), "src/b c.py");
    check(json!({"uri": "file:///work/shop/src/a.py"}), "src/a.py");
    check(json!({"uri": "/work/shop/src/a.py"}), "src/a.py");
    check(json!({"uri": "/home/runner/work/shop/src/a.py"}), "src/a.py");
    check(json!({"uri": "C:\\agent\\src\\a.py"}), "src/a.py");
    check(json!({"uri": "x.py", "uriBaseId": "LIB"}), "lib/x.py");
    check(json!({"uri": "x.py", "uriBaseId": "%SRCROOT%"}), "x.py");
    check(json!({"uri": "x.py", "uriBaseId": "NOT-DECLARED"}), "x.py");
    check(json!({"index": 0}), "src/from index.py");
    check(json!({"uri": "", "index": 0}), "src/from index.py");
    check(json!("src/a.py"), "src/a.py");
}

#[test]
fn rules_are_found_by_every_reference() {
    let check = |result: Value, id: &str, severity: Severity| {
        let mut run = log(json!({}))["runs"][0].clone();
        run["tool"]["extensions"] = json!([{"name": "pack", "rules": [
            {"id": "X0"},
            {"id": "X1", "defaultConfiguration": {"level": "error"}},
        ]}]);
        let mut result = result;
        result["message"] = json!({"text": "m"});
        run["results"] = json!([result]);
        let report = read(&json!({"version": "2.1.0", "runs": [run]}));
        let finding = &report.outcomes[0].findings[0];
        assert_eq!(finding.rule.as_str(), id, "{result}");
        assert_eq!(finding.severity, Some(severity), "{result}");
        assert!(report.outcomes[0].rules.iter().any(|rule| rule.id.as_str() == id));
    };
    check(json!({"ruleId": "R2"}), "R2", Severity::Critical);
    check(json!({"ruleIndex": 1}), "R2", Severity::Critical);
    check(json!({"ruleId": "R2", "ruleIndex": 1}), "R2", Severity::Critical);
    check(json!({"ruleId": "R2", "ruleIndex": 0}), "R2", Severity::Critical);
    check(json!({"ruleIndex": "1"}), "R2", Severity::Critical);
    check(json!({"rule": {"id": "R2"}}), "R2", Severity::Critical);
    check(json!({"rule": {"index": 1}}), "R2", Severity::Critical);
    check(json!({"ruleId": "X1"}), "X1", Severity::High);
    check(json!({"rule": {"index": 1, "toolComponent": {"index": 0}}}), "X1", Severity::High);
    check(json!({"rule": {"id": "X1", "toolComponent": {"name": "pack"}}}), "X1", Severity::High);
    check(json!({"ruleId": "X1/part"}), "X1/part", Severity::High);
    check(json!({"ruleId": "unlisted"}), "unlisted", Severity::Medium);
    check(json!({"ruleId": "unlisted", "ruleIndex": 99}), "unlisted", Severity::Medium);
    check(json!({}), "Some Tool: unnamed rule", Severity::Medium);
}

#[test]
fn levels_are_inherited() {
    let check = |result: Value, severity: Severity| {
        let mut result = result;
        result["message"] = json!({"text": "m"});
        let run = json!({
            "invocations": [{"executionSuccessful": true, "ruleConfigurationOverrides": [
                {"descriptor": {"id": "OVER"}, "configuration": {"level": "error"}},
                {"descriptor": {"index": 2}, "configuration": {"level": "error"}},
            ]}],
            "results": [result],
        });
        assert_eq!(one_of(run).severity, Some(severity), "{result}");
    };
    check(json!({"ruleId": "R1"}), Severity::Medium);
    check(json!({"ruleId": "R1", "level": "note"}), Severity::Low);
    check(json!({"ruleId": "R1", "level": "none"}), Severity::Info);
    check(json!({"ruleId": "R3"}), Severity::Low);
    check(json!({"ruleId": "R3", "level": "warning"}), Severity::Medium);
    check(json!({"ruleId": "OVER"}), Severity::High);
    check(json!({"ruleId": "OVER", "level": "note"}), Severity::Low);
    check(json!({"ruleIndex": 2}), Severity::High);
    check(json!({"ruleId": "R1", "level": "catastrophic"}), Severity::Medium);
    check(json!({"ruleId": "R1", "kind": "informational"}), Severity::Info);
    check(json!({"ruleId": "R1", "kind": "review"}), Severity::Medium);
    check(json!({"ruleId": "R1", "properties": {"issue_severity": "HIGH"}}), Severity::High);
    check(
        json!({"ruleId": "R1", "level": "note", "properties": {"security-severity": "9.9"}}),
        Severity::Critical,
    );
}

#[test]
fn messages_come_from_many_places() {
    let check = |message: Value, expected: &str| {
        let mut result = json!({"ruleId": "R1"});
        if !message.is_null() {
            result["message"] = message;
        }
        assert_eq!(one(result).message, expected);
    };
    check(json!({"text": "Plain"}), "Plain");
    check(json!({"id": "default", "arguments": ["a", 2]}), "a flows into 2");
    check(json!({"text": "{0}!", "arguments": ["a"]}), "a!");
    check(json!({"markdown": "*m*"}), "*m*");
    check(json!("bare"), "bare");
    check(json!({"text": "see [it](1)"}), "see it");
    check(json!({"id": "unknown"}), "First rule");
    check(json!({"text": "  "}), "First rule");
    check(Value::Null, "First rule");
}

#[test]
fn regions() {
    let check = |region: Value, start: (u32, u32), end: (u32, u32)| {
        let finding =
            one(json!({"ruleId": "R1", "message": {"text": "m"}, "locations": at("a", region.clone())}));
        let found = finding.source().unwrap().region;
        let pair = |p: tollgate_core::Position| (p.line, p.column);
        assert_eq!((pair(found.start()), pair(found.end())), (start, end), "{region}");
    };
    check(Value::Null, (1, 1), (1, 1));
    check(json!({}), (1, 1), (1, 1));
    check(json!({"startLine": 7}), (7, 1), (7, 1));
    check(json!({"startLine": "7"}), (7, 1), (7, 1));
    check(json!({"startLine": 7, "startColumn": 3, "endColumn": 5}), (7, 3), (7, 5));
    check(json!({"startLine": 7, "startColumn": 3}), (7, 3), (8, 1));
    check(json!({"startLine": 7, "startColumn": 3, "snippet": {"text": "abc"}}), (7, 3), (7, 6));
    check(json!({"startLine": 7, "endLine": 9}), (7, 1), (10, 1));
    check(json!({"startLine": 7, "endLine": 5}), (7, 1), (7, 1));
    check(json!({"startLine": 0}), (1, 1), (1, 1));
    check(json!({"startLine": -4, "startColumn": 2}), (1, 1), (1, 1));
    check(json!({"startLine": 2, "startColumn": 0, "endColumn": 4}), (2, 1), (2, 4));
    check(json!({"charOffset": 12, "charLength": 3}), (1, 1), (1, 1));
    check(json!([1, 2]), (1, 1), (1, 1));
}

#[test]
fn results_without_a_place_are_kept() {
    let subject = |locations: Value| {
        one(json!({"ruleId": "R1", "message": {"text": "m"}, "locations": locations})).subject
    };
    assert_eq!(subject(json!([])), Subject::Nowhere);
    assert_eq!(subject(json!(null)), Subject::Nowhere);
    assert_eq!(subject(json!([{}])), Subject::Nowhere);
    assert_eq!(subject(json!("here")), Subject::Nowhere);
    assert_eq!(one(json!({"ruleId": "R1", "message": {"text": "m"}})).subject, Subject::Nowhere);
    let logical = json!([{"logicalLocations": [{"fullyQualifiedName": "a.b"}]}]);
    let finding = one(json!({"ruleId": "R1", "message": {"text": "m"}, "locations": logical}));
    assert_eq!(finding.message, "m (in `a.b`)");
}

#[test]
fn suppressions_and_states() {
    let of = |member: &str, value: Value| {
        let mut result = json!({"ruleId": "R1", "message": {"text": "m"}});
        result[member] = value;
        read(&log(json!({"results": [result]}))).outcomes[0].findings.clone()
    };
    let suppressed = |value: Value| of("suppressions", value)[0].suppressions.clone();
    let accepted = suppressed(json!([{"kind": "inSource", "status": "accepted", "justification": "why"}]));
    assert_eq!(accepted[0].kind, SuppressionKind::Imported);
    assert_eq!(accepted[0].justification.as_deref(), Some("why"));
    assert_eq!(suppressed(json!([{"kind": "external"}])).len(), 1);
    assert!(suppressed(json!([{"kind": "external", "status": "underReview"}])).is_empty());
    assert!(suppressed(json!([{"kind": "external", "status": "rejected"}])).is_empty());
    assert!(suppressed(json!([])).is_empty());
    assert!(suppressed(json!("yes")).is_empty());
    assert!(of("baselineState", json!("absent")).is_empty());
    assert_eq!(of("baselineState", json!("unchanged")).len(), 1);
    assert!(of("kind", json!("pass")).is_empty());
    assert!(of("kind", json!("notApplicable")).is_empty());
    assert_eq!(of("kind", json!("review"))[0].confidence, Confidence::Low);
    assert_eq!(of("partialFingerprints", json!({"a": {"b": 1}})).len(), 1);
}

#[test]
fn traces_related_places_and_fixes() {
    let step = |line: u32, kinds: Value| {
        json!({"kinds": kinds, "location": {"message": {"text": "s"}, "physicalLocation": {
            "artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": line}}}})
    };
    let finding = one_of(json!({
        "threadFlowLocations": [step(9, json!(["sink"]))],
        "results": [{
            "ruleId": "R1", "message": {"text": "m"}, "locations": at("src/a.py", json!({"startLine": 9})),
            "codeFlows": [{"threadFlows": [{"locations": [step(1, json!(null)), step(2, json!([])), {"index": 0}]}]}],
            "relatedLocations": [at("src/b.py", json!({"startLine": 4}))[0], {"id": 3}],
            "fixes": [
                {"description": {"text": "do"}, "artifactChanges": [{"artifactLocation": {"uri": "src/a.py"},
                 "replacements": [{"deletedRegion": {"startLine": 9, "startColumn": 1, "endColumn": 3},
                                   "insertedContent": {"text": "x"}}]}]},
                {"artifactChanges": "all"},
            ],
        }],
    }));
    let kinds: Vec<StepKind> = finding.trace().unwrap().steps().iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [StepKind::Source, StepKind::Step, StepKind::Sink]);
    assert_eq!(finding.related.len(), 1);
    assert_eq!(finding.fixes.len(), 1);
    assert_eq!(finding.fixes[0].edits[0].replacement, "x");
}

#[test]
fn what_cannot_be_read_is_named_and_leaves_a_gap() {
    let good = json!({"ruleId": "R1", "message": {"text": "m"}});
    let report = read(&log(json!({"results": [good, 7, {"level": "error"}, null, good]})));
    assert_eq!(report.outcomes[0].findings.len(), 2);
    assert!(!report.is_complete());
    let faults = faults(&report);
    let expected = [
        (
            DiagnosticLevel::Error,
            "x.sarif: a result has neither rule, message nor place (runs[0].results[2])".to_owned(),
        ),
        (
            DiagnosticLevel::Error,
            "x.sarif: a result is not an object (runs[0].results[1], runs[0].results[3])".to_owned(),
        ),
    ];
    for fault in expected {
        assert!(faults.contains(&fault), "{faults:?}");
    }
}

#[test]
fn optional_parts_of_the_wrong_shape_are_named_and_passed_over() {
    let report = read(&log(json!({"results": [{
        "ruleId": "R1", "message": {"text": "m"}, "level": 3, "codeFlows": {}, "fixes": "none", "rank": "high",
        "locations": at("src/a.py", json!({"startLine": "top"})), "webRequest": [], "properties": "none",
    }]})));
    assert!(report.is_complete());
    assert_eq!(report.outcomes[0].findings.len(), 1);
    let told = faults(&report).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n");
    for part in ["`level`", "`codeFlows`", "`fixes`", "`startLine`"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_part_that_is_no_json_spoils_itself_alone() {
    let text = r#"{"runs": [{"tool": {"driver": {"name": "T"}}, "results": [
        {"ruleId": "A", "message": {"text": "m"}, "properties": {"x": nonsense}},
        {"ruleId": "B", "message": {"text": "tab	inside"}},
        {"ruleId": "C", "message": {"text": "m"}, "deep": [[[[1]]]]}
    ]}]}"#;
    let deep = text.replace("[[[[1]]]]", &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    let report = read_bytes(deep.as_bytes()).unwrap();
    let rules: Vec<&str> = report.outcomes[0].findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["A", "B", "C"]);
    assert!(faults(&report).iter().any(|(_, text)| text.contains("`properties` of a result cannot be read")));
}

#[test]
fn a_broken_file_gives_what_stands_before_the_break() {
    let text = log(json!({"results": [
        {"ruleId": "R1", "message": {"text": "a"}}, {"ruleId": "R1", "message": {"text": "b"}},
    ]}))
    .to_string();
    let cut = text.rfind("\"b\"").unwrap();
    let report = read_bytes(&text.as_bytes()[..cut]).unwrap();
    assert_eq!(report.outcomes[0].findings.len(), 1);
    assert!(!report.is_complete());
    assert!(faults(&report)[0].1.contains("the file is broken and is read up to there"));
}

#[test]
fn files_that_hold_no_report_are_refused() {
    for text in ["", "  ", "[]", "not json", "{}", r#"{"version": "2.1.0"}"#, "{\"a\": 1", "<xml/>"] {
        assert!(matches!(read_bytes(text.as_bytes()), Err(ReadError::NotSarif { .. })), "{text}");
    }
    let empty = read(&json!({"version": "2.1.0", "runs": []}));
    assert!(!empty.is_complete());
}

#[test]
fn a_tool_that_did_not_finish_leaves_a_gap() {
    let complete = |run: Value| read(&log(run)).is_complete();
    assert!(complete(json!({"results": []})));
    assert!(complete(json!({"results": [], "invocations": [{"executionSuccessful": true}]})));
    assert!(!complete(json!({"results": [], "invocations": [{"executionSuccessful": false}]})));
    assert!(!complete(json!({"results": null})));
    assert!(!complete(json!({})));
    assert!(!complete(json!({"externalPropertyFileReferences": {"results": [{"location": {"uri": "r"}}]}})));
    let notified = |key: &str, level: Value| {
        complete(json!({"results": [], "invocations": [{key: [{"level": level, "message": {"text": "m"}}]}]}))
    };
    assert!(!notified("toolExecutionNotifications", json!("error")));
    assert!(!notified("toolConfigurationNotifications", json!("error")));
    assert!(notified("toolExecutionNotifications", json!("warning")));
    assert!(notified("toolExecutionNotifications", Value::Null));
}

#[test]
fn runs_of_one_tool_are_one_outcome() {
    let run = |tool: &str, rule: &str| json!({"results": [{"ruleId": rule, "message": {"text": "m"}}], "tool": {"driver": {"name": tool, "version": "1"}}});
    let report = read(&json!({"version": "2.1.0", "runs": [run("A", "1"), run("B", "2"), run("A", "3")]}));
    let found: Vec<_> = report.outcomes.iter().map(|o| (o.scanner.as_str(), o.findings.len())).collect();
    assert_eq!(found, [("a", 2), ("b", 1)]);
    assert_eq!(report.outcomes[0].tool.as_ref().unwrap().version.as_deref(), Some("1"));
    let nameless = read(&json!({"runs": [{"results": [{"ruleId": "x", "message": {"text": "m"}}]}]}));
    assert_eq!(nameless.outcomes[0].scanner.as_str(), "unknown tool");
}

#[test]
fn packages_of_known_tools() {
    let package = |tool: &str, rule: Value, result: Value| {
        let mut result = result;
        result["ruleId"] = rule["id"].clone();
        result["locations"] = at("web/package-lock.json", json!({"startLine": 1}));
        let log =
            json!({"runs": [{"tool": {"driver": {"name": tool, "rules": [rule]}}, "results": [result]}]});
        match &read(&log).outcomes[0].findings[0].subject {
            Subject::Package(package) => (package.purl.clone(), package.fixed_versions.clone()),
            other => panic!("{other:?}"),
        }
    };
    let trivy =
        "Package: lodash\nInstalled Version: 4.17.15\nVulnerability CVE-2020-8203\nFixed Version: 4.17.19";
    let lodash = ("pkg:npm/lodash@4.17.15".to_owned(), vec!["4.17.19".to_owned()]);
    assert_eq!(package("Trivy", json!({"id": "CVE-2020-8203"}), json!({"message": {"text": trivy}})), lodash);
    let rule = json!({"id": "GHSA-x", "properties": {"purls": ["pkg:npm/lodash@4.17.15"]}});
    assert_eq!(package("Grype", rule, json!({"message": {"text": "A flaw"}})).0, lodash.0);
    let properties = json!({"purl": "pkg:npm/lodash@4.17.15", "fixedVersion": "4.17.19"});
    assert_eq!(
        package("Any", json!({"id": "X"}), json!({"message": {"text": "m"}, "properties": properties})),
        lodash
    );
    let plain =
        one(json!({"ruleId": "R1", "message": {"text": trivy}, "locations": at("src/a.py", json!({}))}));
    assert!(matches!(plain.subject, Subject::Code(_)), "an unknown tool's words are not taken for a package");
}

#[test]
fn dynamic_results() {
    let finding = one(json!({
        "ruleId": "R1", "message": {"text": "m"}, "locations": at("http://x.test/a?q=1", json!({"snippet": {"text": "<q>"}})),
        "webRequest": {"method": "GET", "headers": {"Cookie": "secret"}},
        "webResponse": {"statusCode": 200, "body": {"text": "<q>"}},
        "properties": {"param": "q"},
    }));
    let Subject::Endpoint(endpoint) = &finding.subject else { panic!() };
    assert_eq!((endpoint.method.as_str(), endpoint.route.as_str()), ("GET", "/a"));
    assert_eq!(endpoint.parameter.as_ref().unwrap().place, ParameterPlace::Query);
    assert_eq!(endpoint.marker.as_deref(), Some("<q>"));
    assert_eq!(endpoint.evidence[0].request.headers[0].1, "[redacted]");
    assert_eq!(endpoint.evidence[0].response.as_ref().unwrap().status, 200);
}

#[test]
fn refused_findings_are_dropped_as_they_are_read() {
    let mut text = String::from(r#"{"runs": [{"results": ["#);
    for at in 0..1_000 {
        write!(
            text,
            r#"{}{{"ruleId": "R{}", "message": {{"text": "m"}}}}"#,
            if at > 0 { "," } else { "" },
            at % 2
        )
        .unwrap();
    }
    text.push_str(r#"], "tool": {"driver": {"name": "T", "rules": [{"id": "R1", "properties": {"security-severity": "9.0"}}]}}}]}"#);
    let keep = |finding: &Finding| finding.severity > Some(Severity::High);
    let options = ReadOptions { keep: Some(&keep), ..ReadOptions::default() };
    let report = read_sarif(Cursor::new(text.as_bytes()), &options).unwrap();
    assert_eq!((report.outcomes[0].findings.len(), report.dropped), (500, 500));
}

#[test]
fn regions_of_whole_lines_are_known_as_such() {
    let finding =
        one(json!({"ruleId": "R1", "message": {"text": "m"}, "locations": at("a", json!({"startLine": 3}))}));
    assert_eq!(finding.source().unwrap().region, Region::line(3));
}
