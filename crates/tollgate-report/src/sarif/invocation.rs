//! What happened while scanning: the only part of a report that may differ between two runs.

use serde_json::json;
use serde_sarif::sarif;
use tollgate_core::report::ScannerSummary;
use tollgate_core::{Diagnostic, DiagnosticLevel, Report, Skipped, Verdict};

use super::extras::{NotificationExtras, bag, entry, value};
use super::{place, tool};

/// Kinds of notifications: id, name and description.
pub(super) const NOTIFICATIONS: [(&str, &str, &str); 3] = [
    (DIAGNOSTIC, "Diagnostic", "A message about the scan itself."),
    (SKIPPED, "SkippedFile", "A file that was not looked at, and why."),
    (OMITTED, "OmittedResults", "Results left out of this file to keep the limits of code hosts."),
];

const DIAGNOSTIC: &str = "TOLLGATE-DIAGNOSTIC";
const SKIPPED: &str = "TOLLGATE-SKIPPED";
const OMITTED: &str = "TOLLGATE-OMITTED";

/// Skipped files named one by one for each scanner; the rest are counted.
const MAX_SKIPPED: usize = 1_000;

/// The invocation of a report from which `omitted` results were left out.
pub(super) fn invocation(report: &Report, omitted: usize) -> sarif::Invocation {
    let facts = &report.invocation;
    let complete = report.verdict.gaps().is_empty() && report.scanners.iter().all(|summary| summary.complete);
    let mut invocation = sarif::Invocation::builder().execution_successful(complete).build();
    invocation.exit_code = Some(i64::from(facts.exit_code));
    invocation.exit_code_description = Some(describe(&report.verdict).to_owned());
    invocation.command_line = (!facts.command_line.is_empty()).then(|| facts.command_line.clone());
    invocation.start_time_utc.clone_from(&facts.started);
    invocation.end_time_utc.clone_from(&facts.ended);
    let mut notifications: Vec<_> =
        report.diagnostics.iter().map(|diagnostic| notification(diagnostic, None)).collect();
    for summary in &report.scanners {
        let name = Some(summary.scanner.as_str());
        notifications.extend(summary.diagnostics.iter().map(|diagnostic| notification(diagnostic, name)));
        notifications.extend(skipped(summary));
    }
    if omitted > 0 {
        let text = format!(
            "{omitted} of {} results were left out to keep the limits of code hosts; the most severe stay",
            report.findings.len()
        );
        notifications.push(notify(OMITTED, DiagnosticLevel::Warning, &text, NotificationExtras::default()));
    }
    invocation.tool_execution_notifications = (!notifications.is_empty()).then_some(notifications);
    let scanners: Vec<_> = report.scanners.iter().map(tool::scanner_extras).collect();
    invocation.properties = Some(bag([("scanners", value(&scanners))]));
    invocation
}

const fn describe(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "the gate passed",
        Verdict::Fail { .. } => "the gate failed",
        Verdict::Incomplete { .. } => "the scan is incomplete",
    }
}

fn notification(diagnostic: &Diagnostic, scanner: Option<&str>) -> sarif::Notification {
    let text = match &diagnostic.hint {
        Some(hint) => format!("{}; {hint}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let extras = NotificationExtras {
        message: Some(diagnostic.message.clone()),
        hint: diagnostic.hint.clone(),
        scanner: scanner.map(str::to_owned),
        rule: diagnostic.rule.as_ref().map(ToString::to_string),
        path: diagnostic.path.as_ref().map(ToString::to_string),
        line: diagnostic.line,
        skipped: None,
    };
    let mut written = notify(DIAGNOSTIC, diagnostic.level, &text, extras);
    if let Some(path) = &diagnostic.path {
        let mut physical =
            sarif::PhysicalLocation::builder().artifact_location(place::artifact(path)).build();
        physical.region =
            diagnostic.line.map(|line| sarif::Region::builder().start_line(i64::from(line.max(1))).build());
        written.locations = Some(vec![sarif::Location::builder().physical_location(physical).build()]);
    }
    written
}

fn skipped(summary: &ScannerSummary) -> Vec<sarif::Notification> {
    // Files behind which a flaw could hide come first, so that the cut never hides one of them.
    let (gaps, others): (Vec<&Skipped>, Vec<_>) =
        summary.coverage.skipped.iter().partition(|skip| skip.reason.leaves_gap());
    let left = (gaps.len() + others.len()).saturating_sub(MAX_SKIPPED);
    let mut written: Vec<_> = gaps
        .into_iter()
        .chain(others)
        .take(MAX_SKIPPED)
        .map(|skip| {
            let level = if skip.reason.leaves_gap() { DiagnosticLevel::Error } else { DiagnosticLevel::Note };
            let text = format!("`{}` was skipped: {}", skip.path, skip.reason.as_str());
            let extras = NotificationExtras {
                scanner: Some(summary.scanner.to_string()),
                skipped: Some(skip.reason.as_str().to_owned()),
                path: Some(skip.path.to_string()),
                ..NotificationExtras::default()
            };
            let mut written = notify(SKIPPED, level, &text, extras);
            let physical =
                sarif::PhysicalLocation::builder().artifact_location(place::artifact(&skip.path)).build();
            written.locations = Some(vec![sarif::Location::builder().physical_location(physical).build()]);
            written
        })
        .collect();
    if left > 0 {
        let extras = NotificationExtras {
            scanner: Some(summary.scanner.to_string()),
            ..NotificationExtras::default()
        };
        let text = format!("{left} further files were skipped");
        written.push(notify(SKIPPED, DiagnosticLevel::Note, &text, extras));
    }
    written
}

fn notify(id: &str, level: DiagnosticLevel, text: &str, extras: NotificationExtras) -> sarif::Notification {
    let index = NOTIFICATIONS.iter().position(|(known, ..)| *known == id);
    let mut descriptor = sarif::ReportingDescriptorReference::builder().id(id).build();
    descriptor.index = index.and_then(|at| i64::try_from(at).ok());
    let mut written = sarif::Notification::builder().message(sarif::Message::from(text)).build();
    written.descriptor = Some(descriptor);
    written.level = Some(json!(match level {
        DiagnosticLevel::Note => "note",
        DiagnosticLevel::Warning => "warning",
        DiagnosticLevel::Error => "error",
    }));
    written.properties = Some(bag([entry(&extras)]));
    written
}
