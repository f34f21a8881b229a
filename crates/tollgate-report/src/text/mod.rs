//! The report a person reads in a terminal.
//!
//! Findings stand by severity, worst first, then by file; the verdict and its reasons come last, where
//! the eye is when the program ends. Colour only repeats what words and signs already say.

pub(crate) mod escape;
mod finding;
mod frame;
mod screen;
mod summary;

use std::io::Write;

use tollgate_core::{BaselineState, MergedFinding, Report};

use self::escape::{one_line, width};
use self::screen::{Role, Screen};
use crate::format::WriteError;

/// Findings shown in full before the rest are shown in one line each.
const IN_FULL: usize = 100;

/// Settings of the terminal report.
#[derive(Debug, Clone)]
pub struct TextOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Whether to show every finding in full, suppressed ones and notes too.
    pub verbose: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 100, color: false, verbose: false }
    }
}

/// Writes the report for a terminal.
///
/// # Errors
/// When the writer fails.
pub fn render(report: &Report, options: &TextOptions, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut screen = Screen::new(options.width, options.color);
    let mut full_left = if options.verbose { usize::MAX } else { IN_FULL };
    let mut clipped = 0;
    for severity in summary::ORDER {
        let group: Vec<&MergedFinding> = report
            .findings
            .iter()
            .filter(|merged| merged.finding.severity == severity && is_shown(merged, options.verbose))
            .collect();
        if group.is_empty() {
            continue;
        }
        let (title, role) = summary::title(severity);
        heading(&mut screen, title, role, &summary::findings(group.len()));
        for (path, findings) in by_file(&group) {
            screen.line(Role::Path, &if path.is_empty() { "(no file)".to_owned() } else { one_line(path) });
            let mut brief = Vec::new();
            for merged in findings {
                let known = merged.baseline == Some(BaselineState::Unchanged) && !options.verbose;
                if full_left > 0 && !known {
                    full_left -= 1;
                    if options.verbose {
                        set_aside_note(&mut screen, merged);
                    }
                    finding::in_full(&mut screen, merged);
                } else {
                    clipped += usize::from(!known);
                    brief.push(merged);
                }
            }
            for merged in &brief {
                finding::in_brief(&mut screen, merged);
            }
            if !brief.is_empty() {
                screen.blank();
            }
            out.write_all(screen.take().as_bytes())?;
        }
    }
    if clipped > 0 {
        screen.line(Role::Dim, &format!("{} in one line each; -v shows all", summary::findings(clipped)));
        screen.blank();
    }
    summary::messages(&mut screen, report, options.verbose);
    heading(&mut screen, "Summary", Role::Strong, "");
    summary::table(&mut screen, report);
    summary::set_aside(&mut screen, report);
    screen.blank();
    summary::verdict(&mut screen, report);
    out.write_all(screen.take().as_bytes())?;
    Ok(())
}

fn is_shown(merged: &MergedFinding, verbose: bool) -> bool {
    verbose || merged.counts()
}

fn heading(screen: &mut Screen, title: &str, role: Role, note: &str) {
    let used = width(title) + if note.is_empty() { 1 } else { width(note) + 4 };
    screen.push(role, title);
    if !note.is_empty() {
        screen.push(Role::Plain, &format!(" · {note}"));
    }
    let rule = "─".repeat(screen.width.saturating_sub(used));
    screen.line(Role::Dim, &format!(" {rule}"));
}

/// Findings by file, in the order of the report.
fn by_file<'a>(findings: &[&'a MergedFinding]) -> Vec<(&'a str, Vec<&'a MergedFinding>)> {
    let mut groups: Vec<(&str, Vec<&MergedFinding>)> = Vec::new();
    let mut sorted: Vec<(&str, &MergedFinding)> = findings
        .iter()
        .map(|merged| (merged.finding.source().map_or("", |source| source.path.as_str()), *merged))
        .collect();
    sorted.sort_by_key(|(path, _)| *path);
    for (path, merged) in sorted {
        match groups.last_mut() {
            Some((last, group)) if *last == path => group.push(merged),
            _ => groups.push((path, vec![merged])),
        }
    }
    groups
}

fn set_aside_note(screen: &mut Screen, merged: &MergedFinding) {
    for suppression in &merged.suppressions {
        let kind = crate::wire::suppression_kind(suppression.kind);
        let reason = suppression.justification.as_deref().unwrap_or("no reason given");
        screen.wrapped(
            &[(Role::Dim, "  suppressed, ")],
            4,
            Role::Dim,
            &format!("{kind}: {}", one_line(reason)),
        );
    }
    if merged.baseline == Some(BaselineState::Absent) {
        screen.line(Role::Good, "  gone since the baseline");
    }
}
