//! Answers why a rule does or does not report a line.

use tollgate_core::{Diagnostic, DiagnosticLevel, FileEntry};

use crate::eval::explain::Explainer;
use crate::scanner::plan::{Ready, Selected};
use crate::scanner::settings::ExplainRequest;

/// The steps of a rule on the asked line.
pub(crate) fn report(
    request: &ExplainRequest,
    ready: &Ready,
    explainer: &Explainer,
    reported: usize,
) -> Diagnostic {
    use std::fmt::Write as _;
    let mut text = format!(
        "rule {} on {}:{} ({reported} in the file reported)",
        ready.rule.id(),
        request.path,
        request.line
    );
    for step in &explainer.steps {
        let indent = "  ".repeat(step.depth as usize + 1);
        let _ = write!(text, "\n{indent}{}:{}: {}", ready.rule.path.display(), step.rule_line, step.text);
    }
    if explainer.steps.is_empty() {
        text.push_str("\n  nothing was evaluated");
    }
    Diagnostic::new(DiagnosticLevel::Note, text).rule(ready.rule.id().clone())
}

/// Says that no rule at all was selected for the asked file.
pub(crate) fn unselected(
    asked: Option<&ExplainRequest>,
    file: &FileEntry,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(request) = asked {
        diagnostics.push(skipped(request, file));
    }
}

/// Says that the asked rule was not selected.
pub(crate) fn unselected_rule(
    asked: Option<&ExplainRequest>,
    selected: &Selected<'_>,
    file: &FileEntry,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(request) = asked else { return };
    let mut chosen = selected.code.iter().chain(&selected.generic).chain(&selected.regex);
    if !chosen.any(|ready| request.means(ready.rule.id().as_str())) {
        diagnostics.push(skipped(request, file));
    }
}

fn skipped(request: &ExplainRequest, file: &FileEntry) -> Diagnostic {
    let message = format!(
        "rule {} was not run on {}: its language or `paths` leave the file out, or the file lacks a word that every match needs",
        request.rule, request.path
    );
    Diagnostic::new(DiagnosticLevel::Note, message).at(file.path.clone(), Some(request.line))
}
