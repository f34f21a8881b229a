//! Findings as test results, for systems that show those: one suite for each scanner, one failed case for
//! each finding that counts, a skipped one for each that does not.
//!
//! The output follows Ant's strict schema, which Jenkins' lax one admits too.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use tollgate_core::report::ScannerSummary;
use tollgate_core::{DiagnosticLevel, MergedFinding, Report};

use crate::format::WriteError;
use crate::{table, wire};

/// Writes the report as `JUnit` XML.
///
/// # Errors
/// When the writer fails.
pub fn write_junit(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    start(&mut xml, "testsuites", &[])?;
    let mut names: Vec<&str> = report.scanners.iter().map(|summary| summary.scanner.as_str()).collect();
    for merged in &report.findings {
        let name = merged.finding.scanner.as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for (at, name) in names.iter().enumerate() {
        suite(&mut xml, report, at, name, report.scanners.get(at))?;
    }
    end(&mut xml, "testsuites")?;
    xml.get_mut().write_all(b"\n")?;
    Ok(())
}

type Xml<'a> = Writer<&'a mut dyn Write>;

fn suite(
    xml: &mut Xml<'_>,
    report: &Report,
    id: usize,
    name: &str,
    summary: Option<&ScannerSummary>,
) -> io::Result<()> {
    let findings: Vec<&MergedFinding> =
        report.findings.iter().filter(|merged| merged.finding.scanner.as_str() == name).collect();
    let failures = findings.iter().filter(|merged| merged.counts()).count();
    let incomplete = summary.is_some_and(|summary| !summary.complete);
    let time = summary.map_or(0.0, |summary| summary.elapsed.as_secs_f64());
    // The schema wants a time of day without a zone, and one in any case.
    let started = report.invocation.started.as_deref().and_then(|time| time.get(..19));
    let name = visible(name);
    let attributes = [
        ("name", name.clone()),
        ("package", "tollgate".to_owned()),
        ("id", id.to_string()),
        ("timestamp", started.unwrap_or("1970-01-01T00:00:00").to_owned()),
        ("hostname", "localhost".to_owned()),
        // One case says whether the scanner looked at everything.
        ("tests", (findings.len() + 1).to_string()),
        ("failures", failures.to_string()),
        ("errors", usize::from(incomplete).to_string()),
        ("skipped", (findings.len() - failures).to_string()),
        ("time", format!("{:.3}", time.min(999.0))),
    ];
    start(xml, "testsuite", &attributes)?;
    start(xml, "properties", &[])?;
    let verdict = [("name", "verdict".to_owned()), ("value", report.verdict.as_str().to_owned())];
    empty(xml, "property", &verdict)?;
    end(xml, "properties")?;
    let whole =
        [("name", "everything was looked at".to_owned()), ("classname", name), ("time", "0".to_owned())];
    if incomplete {
        start(xml, "testcase", &whole)?;
        let reasons = summary.map(gaps).unwrap_or_default();
        element(xml, "error", &[("type", "incomplete".to_owned())], &reasons)?;
        end(xml, "testcase")?;
    } else {
        empty(xml, "testcase", &whole)?;
    }
    for merged in findings {
        case(xml, merged)?;
    }
    element(xml, "system-out", &[], "")?;
    element(xml, "system-err", &[], "")?;
    end(xml, "testsuite")
}

fn gaps(summary: &ScannerSummary) -> String {
    let errors = summary
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == DiagnosticLevel::Error)
        .map(|diagnostic| diagnostic.message.clone());
    let skipped = summary
        .coverage
        .skipped
        .iter()
        .filter(|skip| skip.reason.leaves_gap())
        .map(|skip| format!("{}: {}", skip.path, skip.reason.as_str()));
    errors.chain(skipped).take(100).collect::<Vec<_>>().join("\n")
}

fn case(xml: &mut Xml<'_>, merged: &MergedFinding) -> io::Result<()> {
    let finding = &merged.finding;
    let place = table::place(finding);
    let path = finding.source().map_or("no file", |source| source.path.as_str());
    let title = format!("{} at {}", finding.rule, if place.is_empty() { "no place" } else { &place });
    let attributes = [("name", visible(&title)), ("classname", visible(path)), ("time", "0".to_owned())];
    start(xml, "testcase", &attributes)?;
    let headline = table::headline(&finding.message);
    if merged.counts() {
        let cwes = finding.cwes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut text = format!("{}\n\n", finding.message);
        let facts = [
            ("severity", table::severity(finding.severity).to_owned()),
            ("place", place),
            ("weakness", cwes),
            ("remedy", table::remedy(finding).unwrap_or_default()),
            ("fingerprint", merged.fingerprint.to_string()),
        ];
        for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("{name}: {value}\n"));
        }
        let kind = table::severity(finding.severity).to_owned();
        element(xml, "failure", &[("type", kind), ("message", visible(&headline))], &text)?;
    } else {
        let mut why = table::state(merged).to_owned();
        for suppression in &merged.suppressions {
            let reason = suppression.justification.as_deref().unwrap_or("no reason given");
            why.push_str(&format!("; {}: {reason}", wire::suppression_kind(suppression.kind)));
        }
        element(xml, "skipped", &[("message", visible(&why))], "")?;
    }
    end(xml, "testcase")
}

/// The text without what XML cannot hold, on one line.
fn visible(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_xml(c) { c } else { '\u{fffd}' }).collect();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "–".to_owned() } else { line }
}

const fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn opening<'n>(name: &'n str, attributes: &[(&str, String)]) -> BytesStart<'n> {
    let mut opening = BytesStart::new(name);
    for (key, value) in attributes {
        opening.push_attribute((*key, value.as_str()));
    }
    opening
}

fn start(xml: &mut Xml<'_>, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
    xml.write_event(Event::Start(opening(name, attributes)))
}

fn empty(xml: &mut Xml<'_>, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
    xml.write_event(Event::Empty(opening(name, attributes)))
}

fn end(xml: &mut Xml<'_>, name: &str) -> io::Result<()> {
    xml.write_event(Event::End(BytesEnd::new(name)))
}

fn element(xml: &mut Xml<'_>, name: &str, attributes: &[(&str, String)], text: &str) -> io::Result<()> {
    if text.is_empty() {
        return empty(xml, name, attributes);
    }
    let text: String = text.chars().map(|c| if is_xml(c) { c } else { '\u{fffd}' }).collect();
    start(xml, name, attributes)?;
    xml.write_event(Event::Text(BytesText::new(&text)))?;
    end(xml, name)
}
