//! Says which operator kept or dropped the candidates of one line.

use crate::eval::Scope;
use crate::eval::ranges::Range;
use crate::matching::Span;
use crate::rule::compile::{Check, Query, QueryKind};

/// Collects what operators did to the ranges that touch one line.
#[derive(Debug)]
pub(crate) struct Explainer {
    line: Span,
    pub(crate) steps: Vec<Step>,
}

/// What one operator did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) depth: u32,
    pub(crate) rule_line: u32,
    pub(crate) text: String,
}

impl Explainer {
    pub(crate) const fn new(line: Span) -> Self {
        Self { line, steps: Vec::new() }
    }

    fn touching(&self, found: &[Range]) -> usize {
        found
            .iter()
            .filter(|range| range.span.start <= self.line.end && range.span.end >= self.line.start)
            .count()
    }

    fn push(&mut self, depth: u32, rule_line: u32, text: String) {
        if self.steps.len() < 2_000 {
            self.steps.push(Step { depth, rule_line, text });
        }
    }
}

fn ranges(count: usize) -> String {
    match count {
        0 => "no range".to_owned(),
        1 => "1 range".to_owned(),
        n => format!("{n} ranges"),
    }
}

pub(crate) fn note(scope: &Scope<'_>, query: &Query, found: &[Range]) {
    let Some(explainer) = scope.explainer else { return };
    let mut explainer = explainer.borrow_mut();
    let here = explainer.touching(found);
    let verb = match query.kind {
        QueryKind::Pattern(_) | QueryKind::Regex(_) | QueryKind::Tokens(_) => "matches",
        _ => "gives",
    };
    let text = format!("`{}` {verb} {} on this line ({} in the file)", query.key, ranges(here), found.len());
    explainer.push(scope.depth, query.line, text);
}

pub(crate) fn note_kept(scope: &Scope<'_>, query: &Query, before: &[Range], after: &[Range]) {
    let Some(explainer) = scope.explainer else { return };
    let mut explainer = explainer.borrow_mut();
    let (was, is) = (explainer.touching(before), explainer.touching(after));
    let text = if is < was {
        format!("`{}` drops {} of {} on this line", query.key, was - is, ranges(was))
    } else {
        format!("`{}` keeps {} on this line", query.key, ranges(is))
    };
    explainer.push(scope.depth, query.line, text);
}

pub(crate) fn note_check(scope: &Scope<'_>, check: &Check, after: &[Range]) {
    let Some(explainer) = scope.explainer else { return };
    let mut explainer = explainer.borrow_mut();
    let is = explainer.touching(after);
    let text = format!("`{}` leaves {} on this line", check.key, ranges(is));
    explainer.push(scope.depth, check.line, text);
}

pub(crate) fn note_focus(scope: &Scope<'_>, query: &Query, after: &[Range]) {
    let Some(explainer) = scope.explainer else { return };
    let mut explainer = explainer.borrow_mut();
    let is = explainer.touching(after);
    let names: Vec<&str> = query.focus.iter().flatten().map(|name| &**name).collect();
    let text = format!("`focus-metavariable` on {} leaves {} on this line", names.join(", "), ranges(is));
    explainer.push(scope.depth, query.line, text);
}
