//! Findings as a table for spreadsheets.

use std::io::{self, Write};

use tollgate_core::{MergedFinding, Report, Subject};

use crate::format::WriteError;
use crate::table;
use crate::wire;

const COLUMNS: [&str; 23] = [
    "fingerprint",
    "severity",
    "score",
    "confidence",
    "state",
    "confirmed",
    "scanner",
    "rule",
    "cwe",
    "path",
    "line",
    "column",
    "package",
    "version",
    "fixed versions",
    "reachable",
    "epss",
    "kev",
    "method",
    "url",
    "parameter",
    "message",
    "suppression",
];

/// Writes one row for each finding, suppressed ones too.
///
/// # Errors
/// When the writer fails.
pub fn write_csv(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS).map_err(io::Error::from)?;
    for merged in &report.findings {
        csv.write_record(row(merged).map(|cell| guarded(&cell))).map_err(io::Error::from)?;
    }
    csv.flush()?;
    Ok(())
}

fn row(merged: &MergedFinding) -> [String; COLUMNS.len()] {
    let finding = &merged.finding;
    let source = finding.source();
    let start = source.filter(|source| !source.region.is_whole_line()).map(|source| source.region.start());
    let package = match &finding.subject {
        Subject::Package(package) => Some(package),
        _ => None,
    };
    let endpoint = std::iter::once(finding).chain(&merged.confirmed_by).find_map(|f| match &f.subject {
        Subject::Endpoint(endpoint) => Some(endpoint),
        _ => None,
    });
    let join = |items: Vec<String>| items.join(" ");
    [
        merged.fingerprint.to_string(),
        table::severity(finding.severity).to_owned(),
        finding.score.map(|score| score.to_string()).unwrap_or_default(),
        finding.confidence.to_string(),
        table::state(merged).to_owned(),
        (if merged.confirmed_by.is_empty() { "no" } else { "yes" }).to_owned(),
        finding.scanner.to_string(),
        finding.rule.to_string(),
        join(finding.cwes.iter().map(ToString::to_string).collect()),
        source.map(|source| source.path.to_string()).unwrap_or_default(),
        source.map(|source| source.region.start().line.to_string()).unwrap_or_default(),
        start.map(|start| start.column.to_string()).unwrap_or_default(),
        package.map(|package| package.package.clone()).unwrap_or_default(),
        package.map(|package| package.version.clone()).unwrap_or_default(),
        package.map(|package| package.fixed_versions.join(" ")).unwrap_or_default(),
        package.map(|package| package.reachability.as_str().to_owned()).unwrap_or_default(),
        package
            .and_then(|package| package.epss_ppm)
            .map(|ppm| wire::probability(ppm).to_string())
            .unwrap_or_default(),
        package.map(|package| (if package.kev { "yes" } else { "no" }).to_owned()).unwrap_or_default(),
        endpoint.map(|endpoint| endpoint.method.clone()).unwrap_or_default(),
        endpoint.map(|endpoint| endpoint.url.clone()).unwrap_or_default(),
        endpoint
            .and_then(|endpoint| endpoint.parameter.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        finding.message.clone(),
        join(
            merged
                .suppressions
                .iter()
                .map(|s| match &s.justification {
                    Some(reason) => format!("{}: {reason};", wire::suppression_kind(s.kind)),
                    None => format!("{};", wire::suppression_kind(s.kind)),
                })
                .collect(),
        ),
    ]
}

/// The cell such that no spreadsheet takes it for a formula.
fn guarded(cell: &str) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let shown = cell.chars().map(|c| if c.is_control() && !"\n\t".contains(c) { '\u{fffd}' } else { c });
    formula.then_some('\'').into_iter().chain(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\n=1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        assert_eq!(guarded("\r=1"), "'\u{fffd}=1");
        assert_eq!(guarded("a=1"), "a=1");
    }
}
