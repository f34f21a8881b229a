//! The report for pull request comments and step summaries.
//!
//! New findings come first; details fold away; the whole stays below the length code hosts take. Text
//! from the scanned tree cannot mention people, link to issues or break out of its place.

use std::io::Write;

use tollgate_core::{BaselineState, DiagnosticLevel, MergedFinding, Report, Severity, Subject, Verdict};

use crate::format::WriteError;
use crate::table;

/// Length in bytes, so in characters no more than that.
const MAX_LENGTH: usize = 64_500;
/// Length kept free for what stands below the findings.
const RESERVED: usize = 6_000;
/// Lines of code shown for a finding.
const MAX_LINES: usize = 14;

/// Writes the report as Markdown.
///
/// # Errors
/// When the writer fails.
pub fn write_markdown(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut text = head(report);
    let counting: Vec<&MergedFinding> = report.findings.iter().filter(|merged| merged.counts()).collect();
    let (known, fresh): (Vec<_>, Vec<_>) =
        counting.into_iter().partition(|merged| merged.baseline == Some(BaselineState::Unchanged));
    let has_baseline = report.findings.iter().any(|merged| merged.baseline.is_some());
    let title = if has_baseline { "New findings" } else { "Findings" };
    list(&mut text, title, &fresh, true);
    list(&mut text, "Known from the baseline", &known, false);
    let below = below(report);
    text.push_str(&below);
    // A single path or reason may be huge, so the last word is a cut.
    if text.len() > MAX_LENGTH {
        text.truncate(text.floor_char_boundary(MAX_LENGTH));
        text.push_str("\n…\n");
    }
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn head(report: &Report) -> String {
    let sign = match report.verdict {
        Verdict::Pass => "✅ passed",
        Verdict::Fail { .. } => "❌ failed",
        Verdict::Incomplete { .. } => "⚠️ incomplete",
    };
    let mut text = format!("## Tollgate: {sign}\n\n");
    for violation in report.verdict.violations().iter().take(10) {
        let (message, policy) = (plain(&violation.message, 300), code(&violation.policy, 200));
        text.push_str(&format!("- ❌ {message} ({policy})\n"));
    }
    for gap in report.verdict.gaps().iter().take(10) {
        let who = gap.scanner.as_ref().map(|scanner| format!("{}: ", plain(scanner.as_str(), 60)));
        text.push_str(&format!("- ⚠️ {}{}\n", who.unwrap_or_default(), plain(&gap.reason, 300)));
    }
    let more =
        report.verdict.violations().len().saturating_sub(10) + report.verdict.gaps().len().saturating_sub(10);
    if more > 0 {
        text.push_str(&format!("- … and {more} more\n"));
    }
    if !text.ends_with("\n\n") {
        text.push('\n');
    }
    text.push_str("| Critical | High | Medium | Low | Info | Unknown |\n|---:|---:|---:|---:|---:|---:|\n|");
    let order = [
        Some(Severity::Critical),
        Some(Severity::High),
        Some(Severity::Medium),
        Some(Severity::Low),
        Some(Severity::Info),
        None,
    ];
    for severity in order {
        let count = report.findings.iter().filter(|m| m.counts() && m.finding.severity == severity).count();
        text.push_str(&format!(" {count} |"));
    }
    text.push_str("\n\n");
    text
}

fn list(text: &mut String, title: &str, findings: &[&MergedFinding], open: bool) {
    if findings.is_empty() {
        return;
    }
    if open {
        text.push_str(&format!("### {title} ({})\n\n", findings.len()));
    } else {
        text.push_str(&format!("<details><summary>{title} ({})</summary>\n\n", findings.len()));
    }
    for (at, merged) in findings.iter().enumerate() {
        let room = (MAX_LENGTH - RESERVED).saturating_sub(text.len());
        let full = if open { entry(merged) } else { line(merged) };
        let entry = if full.len() > room { line(merged) } else { full };
        if entry.len() > room {
            let left = findings.len() - at;
            text.push_str(&format!("\n… and {left} more; the full report has them all.\n"));
            break;
        }
        text.push_str(&entry);
    }
    text.push_str(if open { "\n" } else { "\n</details>\n\n" });
}

const fn sign(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "🟣 Critical",
        Some(Severity::High) => "🔴 High",
        Some(Severity::Medium) => "🟠 Medium",
        Some(Severity::Low) => "🔵 Low",
        Some(Severity::Info) => "⚪ Info",
        None => "❔ Unknown",
    }
}

fn line(merged: &MergedFinding) -> String {
    let finding = &merged.finding;
    let place = table::place(finding);
    let place = if place.is_empty() { String::new() } else { format!(" {}", code(&place, 200)) };
    let headline = plain(&table::headline(&finding.message), 200);
    format!("- {}{place} {} {headline}\n", sign(finding.severity), code(finding.rule.as_str(), 120))
}

fn entry(merged: &MergedFinding) -> String {
    let finding = &merged.finding;
    let place = table::place(finding);
    let place = html(&place, 200);
    let place = if place.is_empty() { place } else { format!("<code>{place}</code> · ") };
    let mut text = format!(
        "<details><summary>{} · {place}{}</summary>\n\n",
        sign(finding.severity),
        html(&table::headline(&finding.message), 200)
    );
    text.push_str(&format!("{}\n\n", plain(&finding.message, 2_000)));
    let mut facts = vec![code(finding.rule.as_str(), 120)];
    facts.extend(finding.cwes.iter().map(|cwe| format!("[{cwe}]({})", cwe.url())));
    if !merged.confirmed_by.is_empty() {
        facts.push("**confirmed**".to_owned());
    }
    if merged.sources.len() > 1 {
        let tools = merged.sources.iter().map(|source| plain(&source.tool, 60)).collect::<Vec<_>>();
        facts.push(format!("seen by {}", tools.join(", ")));
    }
    text.push_str(&format!("{}\n\n", facts.join(" · ")));
    if let Subject::Package(package) = &finding.subject {
        text.push_str(&format!(
            "{} {}, fixed in {}{}\n\n",
            code(&package.package, 120),
            plain(&package.version, 60),
            if package.fixed_versions.is_empty() {
                "no version yet".to_owned()
            } else {
                plain(&package.fixed_versions.join(", "), 200)
            },
            if package.kev { "; **known to be exploited**" } else { "" }
        ));
        if let Some(path) = package.dependency_paths.first() {
            text.push_str(&format!("{}\n\n", code(&path.join(" → "), 400)));
        }
    }
    if let Some(snippet) = finding.source().and_then(|source| source.snippet.as_ref()) {
        let lines: Vec<&str> = snippet.text.split('\n').take(MAX_LINES).collect();
        let lines: Vec<String> = lines.iter().map(|line| short(line, 200)).collect();
        text.push_str(&fenced(&lines.join("\n")));
    }
    for finding in std::iter::once(finding).chain(&merged.confirmed_by) {
        if let Subject::Endpoint(endpoint) = &finding.subject {
            text.push_str(&fenced(&short(&endpoint.curl, 1_000)));
            if let Some(marker) = &endpoint.marker {
                text.push_str(&format!("Answer holds {}\n\n", code(marker, 300)));
            }
        }
    }
    if let Some(remedy) = table::remedy(finding) {
        text.push_str(&format!("**Fix**: {}\n\n", plain(&remedy, 500)));
    }
    text.push_str("</details>\n");
    text
}

fn below(report: &Report) -> String {
    let mut text = String::new();
    let suppressed = report.findings.iter().filter(|m| table::state(m) == "suppressed").count();
    let gone = report.findings.iter().filter(|m| m.baseline == Some(BaselineState::Absent)).count();
    let mut aside = Vec::new();
    if suppressed > 0 {
        aside.push(format!("{suppressed} suppressed"));
    }
    if gone > 0 {
        aside.push(format!("{gone} gone since the baseline"));
    }
    if !aside.is_empty() {
        text.push_str(&format!("{}\n\n", aside.join(", ")));
    }
    if !report.scanners.is_empty() {
        text.push_str("<details><summary>Scanners</summary>\n\n");
        text.push_str("| Scanner | Findings | Examined | Skipped | Complete |\n|---|---:|---:|---:|---|\n");
        for summary in report.scanners.iter().take(30) {
            let name = summary.scanner.as_str();
            let count = report
                .findings
                .iter()
                .filter(|merged| merged.counts() && merged.finding.scanner.as_str() == name)
                .count();
            text.push_str(&format!(
                "| {} | {count} | {} | {} | {} |\n",
                plain(name, 60),
                summary.coverage.examined,
                summary.coverage.skipped.len(),
                if summary.complete { "yes" } else { "**no**" }
            ));
        }
        text.push_str("\n</details>\n");
    }
    let all = report.diagnostics.iter().chain(report.scanners.iter().flat_map(|s| &s.diagnostics));
    let grave: Vec<_> = all.filter(|d| d.level > DiagnosticLevel::Note).collect();
    if !grave.is_empty() {
        text.push_str(&format!("<details><summary>Messages ({})</summary>\n\n", grave.len()));
        for diagnostic in grave.iter().take(15) {
            text.push_str(&format!("- {}\n", plain(&diagnostic.message, 200)));
        }
        text.push_str("\n</details>\n");
    }
    text
}

/// Text that is shown as it is: no markup, no mention, no link.
fn plain(text: &str, limit: usize) -> String {
    let line = short(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit);
    let mut plain = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '@' => plain.push_str("&#64;"),
            '#' => plain.push_str("&#35;"),
            // A colon and a dot make links of bare addresses.
            ':' => plain.push_str("&#58;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '(' | ')' | '$' | '`' => {
                plain.push('\\');
                plain.push(c);
            }
            c if c.is_control() => plain.push('\u{fffd}'),
            c => plain.push(c),
        }
    }
    plain
}

/// Text inside an HTML element.
fn html(text: &str, limit: usize) -> String {
    let line = short(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit);
    line.chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '@' => "&#64;".to_owned(),
            '#' => "&#35;".to_owned(),
            '`' | '*' | '_' | '[' | ']' | '\\' | '|' | '~' | ':' | '$' => format!("&#{};", u32::from(c)),
            c if c.is_control() => '\u{fffd}'.to_string(),
            c => c.to_string(),
        })
        .collect()
}

/// Text as inline code, whatever back ticks it holds.
fn code(text: &str, limit: usize) -> String {
    let line = short(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit);
    let line: String = line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if line.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&line) + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    // A bar would end the cell of a table even inside code.
    format!("{ticks}{pad}{}{pad}{ticks}", line.replace('|', "¦"))
}

fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n\n")
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn short(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(limit)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            plain("@admin see #1 <b>x</b> [a](b) `c`", 100),
            "&#64;admin see &#35;1 &lt;b&gt;x&lt;/b&gt; \\[a\\]\\(b\\) \\`c\\`"
        );
        assert_eq!(code("a`b``c", 100), "```a`b``c```");
        assert_eq!(code("`a", 100), "`` `a ``");
        assert_eq!(fenced("```\nx"), "````text\n```\nx\n````\n\n");
    }
}
