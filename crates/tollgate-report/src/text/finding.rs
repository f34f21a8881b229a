//! One finding in full and in one line.

use tollgate_core::dependency::{PackageFinding, Reachability};
use tollgate_core::dynamic::EndpointFinding;
use tollgate_core::location::StepKind;
use tollgate_core::{BaselineState, Fix, MergedFinding, RuleId, SourceLocation, Subject, Trace};

use super::escape::{clip, clip_around, one_line};
use super::frame::code_frame;
use super::screen::{Role, Screen};
use crate::wire;

/// Column at which the body of a finding stands.
const BODY: usize = 4;
/// Width of the labels in a finding's body.
const LABEL: usize = 11;
/// Characters of an HTTP excerpt.
const EXCERPT: usize = 400;

/// The finding in full.
pub(super) fn in_full(screen: &mut Screen, merged: &MergedFinding) {
    headline(screen, merged);
    screen.wrapped(&[], BODY, Role::Plain, &one_line(&merged.finding.message));
    match &merged.finding.subject {
        Subject::Code(code) => {
            code_frame(screen, &code.location, BODY + 1);
            if let Some(trace) = &code.trace {
                flow(screen, trace);
            }
        }
        Subject::Package(package) => package_facts(screen, package),
        Subject::Endpoint(endpoint) => {
            endpoint_facts(screen, endpoint);
            if let Some(source) = &endpoint.source {
                code_frame(screen, source, BODY + 1);
            }
        }
        Subject::Nowhere => {}
    }
    for related in merged.finding.related.iter().take(5) {
        let text = format!("{}: {}", place(&related.location), one_line(&related.message));
        fact(screen, "See also", Role::Plain, &text);
    }
    confirmations(screen, merged);
    for fix in &merged.finding.fixes {
        repair(screen, fix, merged.finding.source());
    }
    sources(screen, merged);
    screen.blank();
}

/// The finding in one line.
pub(super) fn in_brief(screen: &mut Screen, merged: &MergedFinding) {
    let finding = &merged.finding;
    let at = spot(merged);
    let first = one_line(&finding.message);
    let first = first.split_inclusive(". ").next().unwrap_or_default().trim_end();
    let rule = clip(&one_line(finding.rule.as_str()), 40);
    let at = clip(&at, screen.width / 3);
    let used = 6 + super::escape::width(&at) + super::escape::width(&rule);
    screen.push(Role::Plain, "  ");
    screen.push(Role::Strong, &at);
    screen.push(Role::Plain, "  ");
    screen.push(Role::Rule, &rule);
    screen.push(Role::Plain, "  ");
    let text = clip(first, screen.width.saturating_sub(used).max(10));
    screen.line(Role::Plain, &text);
}

fn headline(screen: &mut Screen, merged: &MergedFinding) {
    let finding = &merged.finding;
    let mut tags: Vec<String> = finding.cwes.iter().map(ToString::to_string).collect();
    if let Some(score) = finding.score {
        tags.push(format!("CVSS {score}"));
    }
    match merged.baseline {
        Some(BaselineState::New) => tags.push("new".to_owned()),
        Some(BaselineState::Updated) => tags.push("changed".to_owned()),
        _ => {}
    }
    if !merged.confirmed_by.is_empty() {
        tags.push("confirmed".to_owned());
    }
    let rule = one_line(finding.rule.as_str());
    let lead = spot(merged);
    let lead = clip(&lead, screen.width.saturating_sub(4));
    let used = 5 + super::escape::width(&lead) + super::escape::width(&rule);
    screen.push(Role::Plain, "  ");
    screen.push(Role::Strong, &lead);
    let tags = tags.join(" · ");
    if used + 2 > screen.width {
        screen.end();
        screen.push(Role::Plain, "   ");
    }
    screen.push(Role::Plain, "  ");
    screen.push(Role::Rule, &rule);
    if !tags.is_empty() {
        if used + 2 + super::escape::width(&tags) > screen.width {
            screen.end();
            screen.push(Role::Plain, "  ");
        }
        screen.push(Role::Dim, &format!("  {tags}"));
    }
    screen.end();
}

/// Where a finding is, below the heading of its file.
fn spot(merged: &MergedFinding) -> String {
    match &merged.finding.subject {
        Subject::Code(code) => position(&code.location),
        Subject::Package(package) => one_line(&format!("{}@{}", package.package, package.version)),
        Subject::Endpoint(endpoint) => {
            let url = one_line(&endpoint.url);
            format!("{} {}", one_line(&endpoint.method), clip(&url, 60))
        }
        Subject::Nowhere => "–".to_owned(),
    }
}

fn position(location: &SourceLocation) -> String {
    let start = location.region.start();
    if location.region.is_whole_line() {
        return start.line.to_string();
    }
    format!("{}:{}", start.line, start.column)
}

/// `path:line` of a place.
pub(super) fn place(location: &SourceLocation) -> String {
    format!("{}:{}", one_line(location.path.as_str()), location.region.start().line)
}

fn fact(screen: &mut Screen, label: &str, role: Role, text: &str) {
    let lead = format!("{}{label}", " ".repeat(BODY));
    screen.wrapped(&[(Role::Dim, &lead)], BODY + LABEL, role, text);
}

fn flow(screen: &mut Screen, trace: &Trace) {
    let steps = trace.steps();
    let places: Vec<String> = steps.iter().map(|step| place(&step.location)).collect();
    let widest = places.iter().map(|place| super::escape::width(place)).max().unwrap_or(0).min(36);
    for (at, (step, place)) in steps.iter().zip(&places).enumerate() {
        let label = match step.kind {
            StepKind::Source => "Source",
            StepKind::Step if at == 1 => "Through",
            StepKind::Step => "",
            StepKind::Sink => "Sink",
        };
        let start = step.location.region.start();
        let code = step.location.snippet.as_ref().and_then(|snippet| {
            let at = start.line.checked_sub(snippet.first_line)?;
            snippet.text.split('\n').nth(at as usize)
        });
        let message = one_line(&step.message);
        let indented = code.map_or(0, |line| line.chars().take_while(|c| c.is_whitespace()).count());
        let anchor = (start.column as usize).saturating_sub(1 + indented);
        let text = code.map(|line| one_line(line.trim()));
        let wide = super::escape::width(place);
        let gap = " ".repeat(widest.saturating_sub(wide) + 2);
        let indent = BODY + LABEL + widest.max(wide) + 2;
        let lead = format!("{}{label:<LABEL$}", " ".repeat(BODY));
        screen.push(Role::Dim, &lead);
        screen.push(Role::Path, place);
        let room = screen.width.saturating_sub(indent);
        if room < 24 {
            screen.end();
            screen.push(Role::Plain, &" ".repeat(BODY + LABEL + 2));
        } else {
            screen.push(Role::Plain, &gap);
        }
        let (indent, room) = if room < 24 {
            (BODY + LABEL + 2, screen.width.saturating_sub(BODY + LABEL + 2))
        } else {
            (indent, room)
        };
        match text {
            None => screen.line(Role::Plain, &clip(&message, room)),
            Some(code) if message.is_empty() || code.contains(&message) => {
                screen.line(Role::Plain, &clip_around(&code, anchor, room));
            }
            Some(code) if super::escape::width(&code) + super::escape::width(&message) + 2 <= room => {
                screen.push(Role::Plain, &code);
                screen.line(Role::Dim, &format!("  {message}"));
            }
            Some(code) => {
                screen.line(Role::Plain, &clip_around(&code, anchor, room));
                screen.line(Role::Dim, &format!("{}{}", " ".repeat(indent), clip(&message, room)));
            }
        }
    }
}

fn package_facts(screen: &mut Screen, package: &PackageFinding) {
    let aliases: Vec<&str> = package.aliases.iter().map(RuleId::as_str).collect();
    if !aliases.is_empty() {
        fact(screen, "Also", Role::Plain, &one_line(&aliases.join(", ")));
    }
    let kind = format!("{}, {} dependency", one_line(&package.ecosystem), package.usage.as_str());
    fact(screen, "Used as", Role::Plain, &kind);
    if let Some(path) = package.dependency_paths.first() {
        let mut text = one_line(&path.join(" → "));
        let more = package.dependency_paths.len() - 1;
        if more > 0 {
            text.push_str(&format!("  (and {more} more {})", plural(more, "path")));
        }
        fact(screen, "Path", Role::Plain, &text);
    }
    let (role, reach) = match &package.reachability {
        Reachability::Unknown => (Role::Plain, "not known".to_owned()),
        Reachability::NotImported => (Role::Good, "no: no source file imports it".to_owned()),
        Reachability::Imported(files) => {
            (Role::Medium, format!("imported by {}", list(files.iter().map(|f| one_line(f.as_str())))))
        }
        Reachability::Called(places) => {
            (Role::Bad, format!("affected code used at {}", list(places.iter().map(place))))
        }
    };
    fact(screen, "Reachable", role, &reach);
    if package.kev {
        fact(screen, "Exploited", Role::Bad, "known to be exploited (CISA KEV)");
    }
    if let Some(epss) = package.epss_ppm {
        let percent = wire::probability(epss) * 100.0;
        let text = format!("{percent:.1} % chance of exploitation within 30 days");
        fact(screen, "EPSS", Role::Plain, &text);
    }
    let fixed = match package.fixed_versions.as_slice() {
        [] => "no fixed version is known".to_owned(),
        versions => one_line(&versions.join(", ")),
    };
    fact(screen, "Fixed in", Role::Plain, &fixed);
    if let Some(upgrade) = &package.upgrade {
        let note = match upgrade.within_range {
            Some(true) => "  (within the declared range)",
            Some(false) => "  (needs a wider range in the manifest)",
            None => "",
        };
        fact(screen, "Upgrade", Role::Added, &format!("{}{note}", one_line(&upgrade.command)));
    }
}

fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    let count = items.len();
    let mut text = items.take(3).collect::<Vec<_>>().join(", ");
    if count > 3 {
        text.push_str(&format!(" and {} more", count - 3));
    }
    text
}

fn endpoint_facts(screen: &mut Screen, endpoint: &EndpointFinding) {
    fact(screen, "Route", Role::Plain, &one_line(&endpoint.route));
    if let Some(parameter) = &endpoint.parameter {
        let text = format!("{} ({})", one_line(&parameter.name), parameter.place);
        fact(screen, "Parameter", Role::Strong, &text);
    }
    if let Some(exchange) = endpoint.evidence.first() {
        let answer = match &exchange.response {
            None => "no answer within the time allowed".to_owned(),
            Some(response) => {
                let body = clip(&one_line(response.body.trim()), EXCERPT);
                format!("HTTP {}  {body}", response.status)
            }
        };
        fact(screen, "Answer", Role::Plain, answer.trim_end());
    }
    if let Some(marker) = &endpoint.marker {
        fact(screen, "Evidence", Role::Match, &clip(&one_line(marker), EXCERPT));
    }
    fact(screen, "Replay", Role::Plain, &one_line(&endpoint.curl));
}

fn confirmations(screen: &mut Screen, merged: &MergedFinding) {
    for finding in &merged.confirmed_by {
        let at = match &finding.subject {
            Subject::Endpoint(endpoint) => one_line(&format!("{} {}", endpoint.method, endpoint.url)),
            _ => finding.source().map(place).unwrap_or_default(),
        };
        let text =
            format!("by {} at {at}: {}", one_line(finding.scanner.as_str()), one_line(&finding.message));
        fact(screen, "Confirmed", Role::Bad, &text);
        match &finding.subject {
            Subject::Endpoint(endpoint) => {
                if let Some(marker) = &endpoint.marker {
                    fact(screen, "Evidence", Role::Match, &clip(&one_line(marker), EXCERPT));
                }
                fact(screen, "Replay", Role::Plain, &one_line(&endpoint.curl));
            }
            Subject::Code(code) => {
                code_frame(screen, &code.location, BODY + 1);
                if let Some(trace) = &code.trace {
                    flow(screen, trace);
                }
            }
            _ => {}
        }
    }
}

fn repair(screen: &mut Screen, fix: &Fix, around: Option<&SourceLocation>) {
    let text = if fix.description.is_empty() { "see the change" } else { &fix.description };
    fact(screen, "Fix", Role::Plain, &one_line(text));
    let room = screen.width.saturating_sub(BODY + 3);
    let pad = " ".repeat(BODY + 1);
    for edit in &fix.edits {
        let (start, end) = (edit.region.start(), edit.region.end());
        let old = around.filter(|location| location.path == edit.path).and_then(|location| {
            let snippet = location.snippet.as_ref()?;
            let first = start.line.checked_sub(snippet.first_line)? as usize;
            let count = (end.line - start.line) as usize + 1;
            let lines: Vec<&str> = snippet.text.split('\n').skip(first).take(count).collect();
            (lines.len() == count).then_some(lines)
        });
        let Some(old) = old else {
            let at = format!("{}:{}:{}", one_line(edit.path.as_str()), start.line, start.column);
            screen.line(Role::Dim, &format!("{pad}@ {}", clip(&at, room)));
            for line in edit.replacement.split('\n') {
                screen.line(Role::Added, &format!("{pad}+ {}", clip(&one_line(line), room)));
            }
            continue;
        };
        let head: String = old[0].chars().take(start.column as usize - 1).collect();
        let tail: String = old[old.len() - 1].chars().skip(end.column as usize - 1).collect();
        let anchor = if start.line == end.line { head.chars().count() } else { 0 };
        for line in &old {
            screen.line(Role::Removed, &format!("{pad}- {}", clip_around(&one_line(line), anchor, room)));
        }
        let new = format!("{head}{}{tail}", edit.replacement);
        // An edit that takes whole lines away leaves nothing to show.
        for line in new.split('\n').filter(|_| !new.is_empty()) {
            screen.line(Role::Added, &format!("{pad}+ {}", clip_around(&one_line(line), anchor, room)));
        }
    }
}

fn sources(screen: &mut Screen, merged: &MergedFinding) {
    if merged.sources.len() > 1 {
        let names = merged
            .sources
            .iter()
            .map(|source| one_line(&format!("{} ({})", source.tool, source.rule)))
            .collect::<Vec<_>>();
        fact(screen, "Seen by", Role::Plain, &names.join(", "));
    }
}

/// The word with an `s` where the count asks for one.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
