//! From a range to a finding.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tollgate_core::{
    CodeFinding, Edit, FileEntry, Finding, Fix, RepoPath, ScannerId, Severity, SourceLocation, Subject,
    Suppression, Trace,
};

use crate::eval::Scope;
use crate::eval::message::{Style, interpolate};
use crate::eval::ranges::Range;
use crate::matching::Span;
use crate::rule::load::Rule;
use crate::scanner::file::Hit;
use crate::scanner::lines::Lines;
use crate::scanner::plan::Ready;
use crate::scanner::scope::enclosing;
use crate::suppress;

/// Longer matches are told apart by their beginning and a digest.
const MAX_IDENTITY: usize = 2_000;

/// What a file contributes to a finding; the rest follows from the rule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileFinding {
    /// The rule's place among the scanner's rules.
    pub(crate) rule: usize,
    pub(crate) span: Span,
    pub(crate) location: SourceLocation,
    pub(crate) message: String,
    pub(crate) scope: Vec<String>,
    pub(crate) identity: String,
    pub(crate) trace: Option<Trace>,
    pub(crate) replacement: Option<String>,
    pub(crate) suppression: Option<Suppression>,
}

/// Builds what the file contributes.
pub(crate) fn build(
    ready: &Ready,
    hit: Hit,
    scope: &Scope<'_>,
    file: &FileEntry,
    text: &Arc<str>,
    lines: &Lines,
) -> FileFinding {
    let Hit { range, trace } = hit;
    let rule = &ready.rule;
    let span = range.span;
    let line = lines.line_of(span.start);
    let line_text = |line: u32| lines.span(line, text).of(text);
    let previous = (line > 1).then(|| line_text(line - 1));
    let suppression = suppress::inline(rule.id().as_str(), line_text(line), previous);
    FileFinding {
        rule: ready.index,
        span,
        location: SourceLocation::new(file.path.clone(), lines.region(span, text)),
        message: interpolate(rule.message(), &range.bindings, scope, Style::Message).trim().to_owned(),
        scope: scope.matcher.map(|matcher| enclosing(matcher.file(), span)).unwrap_or_default(),
        identity: identity(span.of(text)),
        trace,
        replacement: replacement(rule, &range, scope, lines.position(span.start, text).column),
        suppression,
    }
}

fn replacement(rule: &Rule, range: &Range, scope: &Scope<'_>, column: u32) -> Option<String> {
    if let Some(fix) = &rule.syntax.fix {
        let mut replaced = interpolate(&indented(fix.trim(), column), &range.bindings, scope, Style::Fix);
        // The `;` of a statement stays where it is.
        if replaced.ends_with(';') && scope.text[range.span.end as usize..].trim_start().starts_with(';') {
            replaced.pop();
        }
        return Some(replaced);
    }
    let fix = rule.fix_regex.as_ref()?;
    let matched = range.span.of(scope.text);
    let replaced = fix.regex.replace(matched, &fix.replacement, fix.count).ok()?;
    (replaced != matched).then_some(replaced)
}

/// A template of several lines is written as if its first line stood at the margin.
fn indented(template: &str, column: u32) -> String {
    let indent = " ".repeat(column.saturating_sub(1) as usize);
    let mut lines = template.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str(&indent);
        }
        out.push_str(line);
    }
    out
}

/// The matched text with white space folded.
fn identity(matched: &str) -> String {
    let mut folded = String::with_capacity(matched.len().min(MAX_IDENTITY));
    for word in matched.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    if folded.len() <= MAX_IDENTITY {
        return folded;
    }
    let digest: String =
        Sha256::digest(folded.as_bytes())[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let cut = folded.floor_char_boundary(MAX_IDENTITY);
    format!("{} {digest}", &folded[..cut])
}

/// Drops doubles: one rule, one range, one message is one finding. A finding with a longer trace yields
/// to the one with the shorter.
pub(crate) fn dedup(findings: &mut Vec<FileFinding>) {
    findings.sort_by(|a, b| {
        let steps = |finding: &FileFinding| finding.trace.as_ref().map_or(0, |trace| trace.steps().len());
        (a.span, a.rule, &a.message, steps(a)).cmp(&(b.span, b.rule, &b.message, steps(b)))
    });
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert((finding.span, finding.rule, finding.message.clone())));
}

/// The whole finding.
pub(crate) fn finish(own: FileFinding, rule: &Rule, severity: Severity, path: &RepoPath) -> Finding {
    let fixes = own
        .replacement
        .map(|replacement| Fix {
            description: format!("apply the fix of {}", rule.id()),
            edits: vec![Edit { path: path.clone(), region: own.location.region, replacement }],
        })
        .into_iter()
        .collect();
    let code = CodeFinding {
        location: own.location,
        scope: own.scope,
        identity: own.identity,
        trace: own.trace,
        sensitive: Vec::new(),
    };
    Finding {
        scanner: ScannerId::new(ScannerId::SAST),
        rule: rule.id().clone(),
        message: own.message,
        severity: Some(severity),
        score: None,
        confidence: rule.meta.confidence,
        cwes: rule.meta.cwes.clone(),
        subject: Subject::Code(Box::new(code)),
        related: Vec::new(),
        fixes,
        suppressions: own.suppression.into_iter().collect(),
    }
}
