//! One self-contained page: everything in it, nothing fetched.
//!
//! Findings stand in the page as JSON data and are drawn by its script as text nodes only. A policy in
//! the page admits its own script and style by their hashes and nothing else, so that text from the
//! scanned tree stays text even if a mistake were made.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tollgate_core::{Diagnostic, DiagnosticLevel, MergedFinding, Report, RuleMeta};

use crate::format::WriteError;
use crate::json::{Merged, summary, verdict};
use crate::table;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BODY: &str = include_str!("page.html");

/// Writes the page.
///
/// # Errors
/// When the writer fails.
pub fn write_html(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let title = format!("Tollgate: {}", report.verdict.as_str());
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{BODY}"
    )?;
    noscript(report, out)?;
    out.write_all(b"<script type=\"application/json\" id=\"data\">")?;
    serde_json::to_writer(Inert(&mut *out), &Page(report)).map_err(io::Error::from)?;
    write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
    Ok(())
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// What a reader without scripts gets: the verdict and the counts.
fn noscript(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counts = summary(report);
    writeln!(
        out,
        "<noscript><p>Verdict: {}. {} findings count. The list needs scripts; they stand in this file.</p></noscript>",
        report.verdict.as_str(),
        counts["total"]
    )
}

/// Escapes, in JSON on its way out, every character by which a script element could end or markup begin.
/// None of them has a meaning in JSON outside of strings.
struct Inert<'w>(&'w mut dyn Write);

impl Write for Inert<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let escaped = match byte {
                b'<' => "\\u003c",
                b'>' => "\\u003e",
                b'&' => "\\u0026",
                _ => continue,
            };
            self.0.write_all(&bytes[start..at])?;
            self.0.write_all(escaped.as_bytes())?;
            start = at + 1;
        }
        self.0.write_all(&bytes[start..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The page's data.
struct Page<'a>(&'a Report);

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            verdict: Value,
            summary: Value,
            findings: Findings<'a>,
            rules: Vec<Value>,
            scanners: Vec<Value>,
            messages: Vec<Value>,
            revision: Value,
        }
        let report = self.0;
        let own = report.diagnostics.iter().map(|diagnostic| message(diagnostic, None));
        let theirs = report.scanners.iter().flat_map(|summary| {
            summary.diagnostics.iter().map(|diagnostic| message(diagnostic, Some(summary.scanner.as_str())))
        });
        let revision = report.invocation.revision.as_ref();
        Data {
            verdict: verdict(report),
            summary: summary(report),
            findings: Findings(&report.findings),
            rules: rules(report),
            scanners: report.scanners.iter().map(scanner).collect(),
            messages: own.chain(theirs).collect(),
            revision: json!(revision.map(|revision| json!({
                "commit": revision.commit, "branch": revision.branch, "remote": revision.remote,
            }))),
        }
        .serialize(serializer)
    }
}

struct Findings<'a>(&'a [MergedFinding]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Merged::from))
    }
}

/// The rules that fired, by scanner and id.
fn rules(report: &Report) -> Vec<Value> {
    let mut fired: Vec<(&str, &RuleMeta)> = report
        .findings
        .iter()
        .filter_map(|merged| Some((merged.finding.scanner.as_str(), table::rule(report, &merged.finding)?)))
        .collect();
    fired.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    fired.dedup_by(|a, b| a.0 == b.0 && a.1.id == b.1.id);
    fired
        .into_iter()
        .map(|(scanner, rule)| {
            json!({
                "scanner": scanner,
                "id": rule.id.as_str(),
                "summary": rule.summary,
                "help": rule.help,
                "references": rule.references,
            })
        })
        .collect()
}

fn scanner(summary: &tollgate_core::report::ScannerSummary) -> Value {
    json!({
        "name": summary.scanner.as_str(),
        "complete": summary.complete,
        "examined": summary.coverage.examined,
        "skipped": summary.coverage.skipped.len(),
        "rules": summary.rules.len(),
    })
}

fn message(diagnostic: &Diagnostic, scanner: Option<&str>) -> Value {
    json!({
        "level": match diagnostic.level {
            DiagnosticLevel::Note => "note",
            DiagnosticLevel::Warning => "warning",
            DiagnosticLevel::Error => "error",
        },
        "scanner": scanner,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "path": diagnostic.path.as_ref().map(ToString::to_string),
        "line": diagnostic.line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_element() {
        let mut out = Vec::new();
        serde_json::to_writer(Inert(&mut out), &json!({"a": "</script><!--&"})).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, r#"{"a":"\u003c/script\u003e\u003c!--\u0026"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["a"], "</script><!--&");
    }

    #[test]
    fn page_parts_keep_the_policy() {
        for part in [BODY, SCRIPT] {
            for forbidden in ["style=", "onclick", "innerHTML", "http://", "https://", "eval("] {
                let allowed = forbidden.starts_with("http") && part.contains("www.w3.org/2000/svg");
                assert!(!part.contains(forbidden) || allowed, "{forbidden}");
            }
        }
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
    }
}
