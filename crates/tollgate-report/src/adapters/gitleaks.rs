//! `gitleaks … --report-format json`.

use serde_json::Value;
use tollgate_core::{Confidence, Position, Region, Severity, Snippet};

use super::{Found, Gathering, code, place};
use crate::sarif::read::lenient::{index, text};

pub(super) fn gitleaks(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering = Gathering::new("gitleaks", None, "https://gitleaks.io", file);
    for leak in document.as_array().into_iter().flatten() {
        gathering.take(entry(leak));
    }
    gathering.finish()
}

fn entry(leak: &Value) -> Option<Found> {
    let whole = |key: &str| index(leak, key).and_then(|n| u32::try_from(n).ok()).filter(|&n| n > 0);
    // Names before version 8 follow the new ones.
    let either = |new: &str, old: &str| text(leak, new).or_else(|| text(leak, old));
    let line = whole("StartLine").or_else(|| whole("lineNumber")).unwrap_or(1);
    let mut at = place(&either("File", "file")?, line);
    if let (Some(column), Some(end_line), Some(end)) =
        (whole("StartColumn"), whole("EndLine"), whole("EndColumn"))
    {
        // The end column is that of the last character.
        let end = Position { line: end_line, column: end.saturating_add(1) };
        at.region = Region::new(Position { line, column }, end);
    }
    let secret = either("Secret", "offender").unwrap_or_default();
    let matched = either("Match", "line").unwrap_or_default();
    let shown = match matched.contains(&secret) && !secret.is_empty() && !matched.contains('\n') {
        true => matched.replace(&secret, "[redacted]"),
        false => "[redacted]".to_owned(),
    };
    at.snippet = Some(Snippet { first_line: line, text: shown });
    let mut found = Found::new(
        &either("RuleID", "rule")?,
        &either("Description", "rule").unwrap_or_default(),
        code(at, crate::sarif::read::secret::identity(&secret)),
    )?
    .rated(None, Some(Severity::High))
    .cwes(["CWE-798".to_owned()]);
    found.confidence = Confidence::Medium;
    let commit = either("Commit", "commit").filter(|commit| !commit.is_empty());
    if let Some(commit) = commit {
        let short: String = commit.chars().take(12).collect();
        found.message = format!("{} (commit {short})", found.message);
    }
    Some(found)
}
