//! Tollgate's own JSON, `tollgate-report/1`: everything a report holds, for programs.
//!
//! The format is documented in this crate's `JSON.md`. A field may be added without a new version; one
//! that is renamed, removed or changes its meaning makes a new version.

use std::io::Write;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tollgate_core::report::ScannerSummary;
use tollgate_core::{Diagnostic, DiagnosticLevel, MergedFinding, Report, RuleMeta, Score, Severity};

use crate::format::WriteError;
use crate::wire;

/// Name and version of the format.
pub const FORMAT: &str = "tollgate-report/1";

/// Writes the report as JSON.
///
/// # Errors
/// When the writer fails.
pub fn write_json(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let document = Document {
        format: FORMAT,
        tool: json!({"name": "Tollgate", "version": env!("CARGO_PKG_VERSION")}),
        verdict: verdict(report),
        summary: summary(report),
        findings: Findings(&report.findings),
        rules: report.scanners.iter().flat_map(rules).collect(),
        scanners: report.scanners.iter().map(scanner).collect(),
        packages: report.packages.iter().map(wire::Package::from).collect(),
        routes: report.routes.iter().map(wire::Route::from).collect(),
        diagnostics: report.diagnostics.iter().map(diagnostic).collect(),
        root: report.root.as_deref(),
        invocation: invocation(report),
    };
    serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    tool: Value,
    verdict: Value,
    summary: Value,
    findings: Findings<'a>,
    rules: Vec<Value>,
    scanners: Vec<Value>,
    packages: Vec<wire::Package>,
    routes: Vec<wire::Route>,
    diagnostics: Vec<Value>,
    root: Option<&'a str>,
    invocation: Value,
}

/// Findings, turned into their wire shape one at a time.
struct Findings<'a>(&'a [MergedFinding]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Merged::from))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Merged {
    fingerprint: String,
    counts: bool,
    rank: f64,
    baseline: Option<&'static str>,
    first_seen: Option<String>,
    #[serde(flatten)]
    finding: wire::Finding,
    sources: Vec<Value>,
    merged_because: Vec<String>,
    confirmed_by: Vec<wire::Finding>,
    suppressed: Vec<wire::Suppression>,
}

impl From<&MergedFinding> for Merged {
    fn from(merged: &MergedFinding) -> Self {
        let sources = merged.sources.iter().map(|source| {
            json!({
                "tool": source.tool,
                "rule": source.rule.as_str(),
                "severity": source.severity.map(Severity::as_str),
                "message": source.message,
            })
        });
        Self {
            fingerprint: merged.fingerprint.to_string(),
            counts: merged.counts(),
            rank: f64::from(merged.rank) / 10.0,
            baseline: merged.baseline.map(tollgate_core::BaselineState::as_str),
            first_seen: merged.first_seen.clone(),
            finding: wire::Finding::from(&merged.finding),
            sources: sources.collect(),
            merged_because: merged.merged_because.clone(),
            confirmed_by: merged.confirmed_by.iter().map(wire::Finding::from).collect(),
            suppressed: merged.suppressions.iter().map(wire::Suppression::from).collect(),
        }
    }
}

pub(crate) fn verdict(report: &Report) -> Value {
    let violations = report.verdict.violations().iter().map(|violation| {
        let findings: Vec<&str> = violation.findings.iter().map(tollgate_core::Fingerprint::as_str).collect();
        json!({"policy": violation.policy, "message": violation.message, "findings": findings})
    });
    let gaps =
        report.verdict.gaps().iter().map(
            |gap| json!({"scanner": gap.scanner.as_ref().map(ToString::to_string), "reason": gap.reason}),
        );
    json!({
        "result": report.verdict.as_str(),
        "violations": violations.collect::<Vec<_>>(),
        "gaps": gaps.collect::<Vec<_>>(),
    })
}

/// Findings that count, by severity, and how many do not.
pub(crate) fn summary(report: &Report) -> Value {
    let counting = || report.findings.iter().filter(|merged| merged.counts());
    let of =
        |severity: Option<Severity>| counting().filter(|merged| merged.finding.severity == severity).count();
    let mut summary = serde_json::Map::new();
    for severity in Severity::ALL.into_iter().rev() {
        summary.insert(severity.to_string(), json!(of(Some(severity))));
    }
    summary.insert("unknown".to_owned(), json!(of(None)));
    summary.insert("total".to_owned(), json!(counting().count()));
    summary.insert("setAside".to_owned(), json!(report.findings.len() - counting().count()));
    Value::Object(summary)
}

fn rules(summary: &ScannerSummary) -> Vec<Value> {
    let mut rules: Vec<&RuleMeta> = summary.rules.iter().collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
        .into_iter()
        .map(|rule| {
            json!({
                "scanner": summary.scanner.as_str(),
                "id": rule.id.as_str(),
                "summary": rule.summary,
                "help": rule.help,
                "severity": rule.severity.map(Severity::as_str),
                "score": rule.score.map(Score::value),
                "confidence": rule.confidence.as_str(),
                "cwes": rule.cwes.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "tags": rule.tags,
                "references": rule.references,
            })
        })
        .collect()
}

fn scanner(summary: &ScannerSummary) -> Value {
    let skipped: Vec<Value> = summary
        .coverage
        .skipped
        .iter()
        .map(|skip| json!({"path": skip.path.as_str(), "reason": skip.reason.as_str()}))
        .collect();
    json!({
        "name": summary.scanner.as_str(),
        "tool": summary.tool.as_ref().map(|tool| {
            json!({"name": tool.name, "version": tool.version, "url": tool.url})
        }),
        "complete": summary.complete,
        "examined": summary.coverage.examined,
        "bytes": summary.coverage.bytes,
        "skipped": skipped,
        "diagnostics": summary.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
    })
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    json!({
        "level": match diagnostic.level {
            DiagnosticLevel::Note => "note",
            DiagnosticLevel::Warning => "warning",
            DiagnosticLevel::Error => "error",
        },
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "path": diagnostic.path.as_ref().map(ToString::to_string),
        "line": diagnostic.line,
        "rule": diagnostic.rule.as_ref().map(ToString::to_string),
    })
}

/// All that differs between two runs on the same input.
fn invocation(report: &Report) -> Value {
    let facts = &report.invocation;
    let elapsed: serde_json::Map<String, Value> = report
        .scanners
        .iter()
        .map(|summary| (summary.scanner.to_string(), json!(summary.elapsed.as_millis() as u64)))
        .collect();
    json!({
        "commandLine": facts.command_line,
        "started": facts.started,
        "ended": facts.ended,
        "exitCode": facts.exit_code,
        "planDigest": facts.plan_digest,
        "shard": facts.shard.map(|(index, count)| json!({"index": index, "count": count})),
        "revision": facts.revision.as_ref().map(|revision| json!({
            "commit": revision.commit,
            "branch": revision.branch,
            "remote": revision.remote,
        })),
        "elapsedMs": elapsed,
    })
}
