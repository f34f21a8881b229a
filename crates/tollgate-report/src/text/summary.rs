//! What stands below the findings: the table of scanners, what does not count, messages, the verdict.

use std::collections::HashMap;
use std::time::Duration;

use tollgate_core::{
    BaselineState, Diagnostic, DiagnosticLevel, Fingerprint, MergedFinding, Report, Severity,
    SuppressionKind, Verdict,
};

use super::escape::{clip, one_line, width};
use super::finding::{place, plural};
use super::screen::{Role, Screen};

/// Findings named below a broken threshold.
const NAMED: usize = 5;
/// Messages shown unless asked for all.
const MESSAGES: usize = 20;

/// The name of a severity as a heading.
pub(super) const fn title(severity: Option<Severity>) -> (&'static str, Role) {
    match severity {
        Some(Severity::Critical) => ("Critical", Role::Critical),
        Some(Severity::High) => ("High", Role::High),
        Some(Severity::Medium) => ("Medium", Role::Medium),
        Some(Severity::Low) => ("Low", Role::Low),
        Some(Severity::Info) => ("Info", Role::Dim),
        None => ("Unknown severity", Role::Medium),
    }
}

/// Severities from worst to harmless; the unknown stands after high, as which it is gated by default.
pub(super) const ORDER: [Option<Severity>; 6] = [
    Some(Severity::Critical),
    Some(Severity::High),
    None,
    Some(Severity::Medium),
    Some(Severity::Low),
    Some(Severity::Info),
];

const HEADS: [&str; 6] = ["Crit", "High", "?", "Med", "Low", "Info"];

/// Scanners by severities, with coverage and time.
pub(super) fn table(screen: &mut Screen, report: &Report) {
    let mut names: Vec<&str> = report.scanners.iter().map(|summary| summary.scanner.as_str()).collect();
    for merged in &report.findings {
        let name = merged.finding.scanner.as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut counts = vec![[0_usize; 6]; names.len()];
    for merged in report.findings.iter().filter(|merged| merged.counts()) {
        let row = names.iter().position(|name| *name == merged.finding.scanner.as_str());
        let column = ORDER.iter().position(|severity| *severity == merged.finding.severity);
        if let (Some(row), Some(column)) = (row, column) {
            counts[row][column] += 1;
        }
    }
    let unknown = counts.iter().any(|row| row[2] > 0);
    let columns: Vec<usize> = (0..6).filter(|&column| column != 2 || unknown).collect();
    let shown: Vec<String> = names.iter().map(|name| clip(&one_line(name), 20)).collect();
    let widest = shown.iter().map(|name| width(name)).max().unwrap_or(0).max("Scanner".len());
    let pad = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(width(text))));

    screen.push(Role::Dim, &pad("Scanner", widest));
    for &column in &columns {
        screen.push(Role::Dim, &format!("{:>6}", HEADS[column]));
    }
    screen.line(Role::Dim, &format!("{:>11}{:>9}{:>8}", "Examined", "Skipped", "Time"));
    let mut total = [0_usize; 6];
    for (row, name) in shown.iter().enumerate() {
        screen.push(Role::Plain, &pad(name, widest));
        for &column in &columns {
            total[column] += counts[row][column];
            cell(screen, counts[row][column], column);
        }
        if let Some(summary) = report.scanners.get(row) {
            let coverage = &summary.coverage;
            let time = duration(summary.elapsed);
            let figures = format!(
                "{:>11}{:>9}{time:>8}",
                grouped(coverage.examined),
                grouped(coverage.skipped.len() as u64)
            );
            screen.push(Role::Plain, &figures);
            if !summary.complete {
                let used = widest + 6 * columns.len() + 28;
                let mark = if used + "  incomplete".len() <= screen.width { "  incomplete" } else { " !" };
                screen.push(Role::Bad, mark);
            }
        }
        screen.end();
    }
    if names.len() > 1 {
        screen.push(Role::Strong, &pad("Total", widest));
        for &column in &columns {
            cell(screen, total[column], column);
        }
        screen.end();
    }
}

fn cell(screen: &mut Screen, count: usize, column: usize) {
    let role = if count == 0 { Role::Dim } else { title(ORDER[column]).1 };
    screen.push(role, &format!("{:>6}", grouped(count as u64)));
}

/// What was found but does not count, in one sentence each.
pub(super) fn set_aside(screen: &mut Screen, report: &Report) {
    let mut suppressed = [0_usize; 4];
    let (mut known, mut gone) = (0, 0);
    for merged in &report.findings {
        match merged.baseline {
            Some(BaselineState::Absent) => gone += 1,
            _ => match merged.suppressions.first() {
                Some(suppression) => suppressed[kind(suppression.kind)] += 1,
                None if merged.baseline == Some(BaselineState::Unchanged) => known += 1,
                None => {}
            },
        }
    }
    let names = ["inline", "waived", "VEX", "imported"];
    let total: usize = suppressed.iter().sum();
    if total > 0 {
        let parts: Vec<String> = names
            .iter()
            .zip(suppressed)
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{} {name}", grouped(count as u64)))
            .collect();
        let text = format!("{} suppressed: {}", grouped(total as u64), parts.join(", "));
        screen.line(Role::Dim, &text);
    }
    if known > 0 {
        screen.line(Role::Dim, &format!("{} known from the baseline", grouped(known)));
    }
    if gone > 0 {
        screen.line(Role::Good, &format!("{} gone since the baseline", grouped(gone)));
    }
}

const fn kind(kind: SuppressionKind) -> usize {
    match kind {
        SuppressionKind::Inline => 0,
        SuppressionKind::Waiver => 1,
        SuppressionKind::Vex => 2,
        SuppressionKind::Imported => 3,
    }
}

/// Messages about the scan, gravest first. Notes are shown only when asked for.
pub(super) fn messages(screen: &mut Screen, report: &Report, verbose: bool) {
    let mut all: Vec<(Option<&str>, &Diagnostic)> = report.diagnostics.iter().map(|d| (None, d)).collect();
    for summary in &report.scanners {
        all.extend(summary.diagnostics.iter().map(|d| (Some(summary.scanner.as_str()), d)));
    }
    all.sort_by_key(|(_, diagnostic)| std::cmp::Reverse(diagnostic.level));
    let wanted: Vec<_> = all.iter().filter(|(_, d)| verbose || d.level > DiagnosticLevel::Note).collect();
    if wanted.is_empty() {
        return;
    }
    let limit = if verbose { usize::MAX } else { MESSAGES };
    for (scanner, diagnostic) in wanted.iter().take(limit) {
        let (label, role) = match diagnostic.level {
            DiagnosticLevel::Error => ("error", Role::Bad),
            DiagnosticLevel::Warning => ("warning", Role::Medium),
            DiagnosticLevel::Note => ("note", Role::Dim),
        };
        let mut text = String::new();
        if let Some(scanner) = scanner {
            text.push_str(&format!("{}: ", one_line(scanner)));
        }
        if let Some(path) = &diagnostic.path {
            let line = diagnostic.line.map(|line| format!(":{line}")).unwrap_or_default();
            text.push_str(&format!("{}{line}: ", one_line(path.as_str())));
        }
        text.push_str(&one_line(&diagnostic.message));
        screen.wrapped(&[(role, label)], 9, Role::Plain, &text);
        if let Some(hint) = &diagnostic.hint {
            screen.wrapped(&[(Role::Dim, "         hint: ")], 15, Role::Plain, &one_line(hint));
        }
    }
    if wanted.len() > limit {
        screen.line(Role::Dim, &format!("         … and {} more; -v shows all", wanted.len() - limit));
    }
    screen.blank();
}

/// The answer and its reasons.
pub(super) fn verdict(screen: &mut Screen, report: &Report) {
    let (word, role, plain) = match &report.verdict {
        Verdict::Pass => ("PASS", Role::Good, "everything was looked at and no threshold is broken"),
        Verdict::Fail { .. } => ("FAIL", Role::Bad, "a threshold is broken"),
        Verdict::Incomplete { .. } => ("INCOMPLETE", Role::Medium, "not everything was looked at"),
    };
    let more = if !report.verdict.violations().is_empty() && !report.verdict.gaps().is_empty() {
        ", and not everything was looked at"
    } else {
        ""
    };
    screen.push(role, word);
    screen.line(Role::Strong, &format!("  {plain}{more}"));
    let by_fingerprint: HashMap<&Fingerprint, &MergedFinding> =
        report.findings.iter().map(|merged| (&merged.fingerprint, merged)).collect();
    for violation in report.verdict.violations() {
        let policy = one_line(&violation.policy);
        screen.wrapped(
            &[(Role::Bad, "  ✗ "), (Role::Strong, &policy), (Role::Plain, "  ")],
            4,
            Role::Plain,
            &one_line(&violation.message),
        );
        for fingerprint in violation.findings.iter().take(NAMED) {
            if let Some(merged) = by_fingerprint.get(fingerprint) {
                let at = merged.finding.source().map_or_else(|| "–".to_owned(), place);
                let text = format!("{at}  {}", one_line(merged.finding.rule.as_str()));
                let room = screen.width.saturating_sub(6);
                screen.line(Role::Dim, &format!("      {}", clip(&text, room)));
            }
        }
        if violation.findings.len() > NAMED {
            screen.line(Role::Dim, &format!("      … and {} more", violation.findings.len() - NAMED));
        }
    }
    for gap in report.verdict.gaps() {
        let who = gap.scanner.as_ref().map(|scanner| format!("{}: ", one_line(scanner.as_str())));
        let text = format!("{}{}", who.unwrap_or_default(), one_line(&gap.reason));
        screen.wrapped(&[(Role::Medium, "  ? ")], 4, Role::Plain, &text);
    }
}

/// `1 finding`, `2 findings`.
pub(super) fn findings(count: usize) -> String {
    format!("{} {}", grouped(count as u64), plural(count, "finding"))
}

fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds >= 60 {
        return format!("{}m{:02}s", seconds / 60, seconds % 60);
    }
    if seconds == 0 {
        return format!("{} ms", elapsed.as_millis());
    }
    format!("{:.1} s", elapsed.as_secs_f64())
}

/// The number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
