//! Evaluates formulas on one file: ranges with bindings, combined by the operators of the rule language.

mod analysis;
pub(crate) mod checks;
pub(crate) mod comparison;
pub(crate) mod explain;
pub(crate) mod message;
pub(crate) mod ranges;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use tollgate_core::Cancel;

use crate::eval::explain::Explainer;
use crate::eval::ranges::{Kind, Range};
use crate::matching::{Binding, Bindings, Matcher, Metavar, Pattern, Span, Value};
use crate::rule::compile::{Check, Query, QueryKind};
use crate::tree;

pub use crate::eval::ranges::Range as Found;

/// More ranges than this for one formula are given up, with a diagnostic.
const MAX_RANGES: usize = 60_000;

/// What a formula is evaluated on.
pub struct Scope<'s> {
    /// The whole text.
    pub(crate) text: &'s str,
    /// The parsed file; `None` for rules over plain text.
    pub(crate) matcher: Option<&'s Matcher<'s>>,
    /// Only what lies inside counts.
    pub(crate) window: Option<Span>,
    /// What a metavariable-pattern's metavariables must agree with.
    pub(crate) outer: Option<&'s Bindings>,
    /// When to give up.
    pub(crate) cancel: &'s Cancel,
    /// Notes why evaluation was incomplete.
    pub(crate) troubles: &'s Troubles,
    pub(crate) explainer: Option<&'s RefCell<Explainer>>,
    pub(crate) depth: u32,
    /// Tokens of the text for generic patterns, made once.
    pub(crate) tokens: &'s crate::generic::tokens::TokenCache,
}

/// Why results may be incomplete.
#[derive(Debug, Default)]
pub struct Troubles {
    regex: RefCell<Option<String>>,
    too_many: Cell<bool>,
    spent: Cell<bool>,
}

impl Troubles {
    pub(crate) fn regex(&self, message: String) {
        self.regex.borrow_mut().get_or_insert(message);
    }

    /// The steps for flows between functions were used up.
    pub(crate) fn spent(&self) {
        self.spent.set(true);
    }

    /// What happened, if anything.
    #[must_use]
    pub fn take(&self) -> Option<String> {
        if let Some(message) = self.regex.borrow_mut().take() {
            return Some(message);
        }
        let many = self.too_many.take().then_some("too many partial matches");
        let spent = self
            .spent
            .take()
            .then_some("flows between functions take too many steps, each was followed by itself");
        many.or(spent).map(str::to_owned)
    }
}

impl<'s> Scope<'s> {
    /// Evaluation on a parsed file.
    #[must_use]
    pub fn of_file(
        matcher: &'s Matcher<'s>,
        cancel: &'s Cancel,
        troubles: &'s Troubles,
        tokens: &'s crate::generic::tokens::TokenCache,
    ) -> Self {
        Self {
            text: matcher.file().text(),
            matcher: Some(matcher),
            window: None,
            outer: None,
            cancel,
            troubles,
            explainer: None,
            depth: 0,
            tokens,
        }
    }

    /// Evaluation on plain text.
    #[must_use]
    pub fn of_text(
        text: &'s str,
        cancel: &'s Cancel,
        troubles: &'s Troubles,
        tokens: &'s crate::generic::tokens::TokenCache,
    ) -> Self {
        Self {
            text,
            matcher: None,
            window: None,
            outer: None,
            cancel,
            troubles,
            explainer: None,
            depth: 0,
            tokens,
        }
    }

    pub(crate) fn whole(&self) -> Span {
        self.window.unwrap_or(Span { start: 0, end: u32::try_from(self.text.len()).unwrap_or(u32::MAX) })
    }

    pub(crate) fn same(&self, a: &Binding, b: &Binding) -> bool {
        match self.matcher {
            Some(matcher) => a.same(b, matcher.file()),
            None => self.text_of(a) == self.text_of(b),
        }
    }

    pub(crate) fn text_of<'b>(&'b self, binding: &'b Binding) -> &'b str {
        match &binding.value {
            Value::Text(text) => text,
            // What Terraform calls a block is no text with quotes.
            Value::Node(id) if self.matcher.is_some_and(|own| own.file().is_label(*id)) => {
                binding.span.of(self.text).trim_matches('"')
            }
            _ => binding.span.of(self.text),
        }
    }

    /// Whether every name bound in both stands for the same code.
    pub(crate) fn agree(&self, a: &Bindings, b: &Bindings) -> bool {
        if a.is_empty() || b.is_empty() {
            return true;
        }
        a.iter().all(|(name, own)| b.get(name).is_none_or(|other| own == other || self.same(own, other)))
    }

    fn is_over(&self, ranges: usize) -> bool {
        if ranges > MAX_RANGES {
            self.troubles.too_many.set(true);
            return true;
        }
        self.cancel.is_cancelled()
    }
}

/// Bindings of both; the first wins where both have a name.
pub(crate) fn joined(a: &Bindings, b: &Bindings) -> Bindings {
    if b.is_empty() {
        return a.clone();
    }
    let mut all = a.clone();
    for (name, binding) in b.iter() {
        if all.get(name).is_none() {
            all.insert(Metavar::clone(name), binding.clone());
        }
    }
    all
}

/// Every range of a formula, sorted by span, without doubles.
#[must_use]
pub fn evaluate(query: &Query, scope: &Scope<'_>) -> Vec<Range> {
    let mut found = kind(query, scope);
    explain::note(scope, query, &found);
    if !query.checks.is_empty() {
        for check in &query.checks {
            found = checks::filter(check, found, scope);
            explain::note_check(scope, check, &found);
            if found.is_empty() {
                break;
            }
        }
    }
    if !query.focus.is_empty() {
        found = focus(&query.focus, found, scope);
        explain::note_focus(scope, query, &found);
    }
    ranges::normalise(&mut found);
    found
}

fn kind(query: &Query, scope: &Scope<'_>) -> Vec<Range> {
    match &query.kind {
        QueryKind::Pattern(pattern) => {
            let Some(matcher) = scope.matcher else { return Vec::new() };
            let keep = |bindings: &Bindings| scope.outer.is_none_or(|outer| scope.agree(bindings, outer));
            let hits: Rc<[_]> = matcher.find(pattern);
            let found: Vec<Range> = hits
                .iter()
                .filter(|hit| {
                    scope.window.is_none_or(|window| window.contains(hit.span))
                        && (!hit.is_name_only || scope.window == Some(hit.span))
                        && keep(&hit.bindings)
                })
                .map(|hit| Range {
                    least_end: hit.least_end,
                    ..Range::plain(hit.span, hit.bindings.clone(), hit.node)
                })
                .collect();
            if found.is_empty() { name_alone(pattern, scope).into_iter().collect() } else { found }
        }
        QueryKind::Regex(regex) => {
            let window = scope.whole();
            match regex.0.find(window.of(scope.text), window.start) {
                Ok(found) => found
                    .into_iter()
                    .filter(|hit| scope.outer.is_none_or(|outer| scope.agree(&hit.bindings, outer)))
                    .map(|hit| Range { regex: true, ..Range::plain(hit.span, hit.bindings, None) })
                    .collect(),
                Err(exhausted) => {
                    scope.troubles.regex(exhausted.to_string());
                    Vec::new()
                }
            }
        }
        QueryKind::Tokens(pattern) => {
            let window = scope.whole();
            pattern
                .0
                .find(scope.text, window, scope.tokens, scope.cancel)
                .into_iter()
                .filter(|hit| scope.outer.is_none_or(|outer| scope.agree(&hit.bindings, outer)))
                .map(|hit| Range::plain(hit.span, hit.bindings, None))
                .collect()
        }
        QueryKind::Any(operands) => {
            let mut found: Vec<Range> =
                operands.iter().flat_map(|operand| evaluate(operand, scope)).collect();
            ranges::normalise(&mut found);
            found
        }
        QueryKind::Inside(inner) => recast(evaluate(inner, scope), Kind::Inside),
        QueryKind::Anywhere(inner) => recast(evaluate(inner, scope), Kind::Anywhere),
        QueryKind::All { positives, negatives } => all(positives, negatives, &query.checks, scope),
    }
}

/// What a metavariable by itself finds where another one stands for a name that is no value.
fn name_alone(pattern: &Pattern, scope: &Scope<'_>) -> Option<Range> {
    let (window, outer) = (scope.window?, scope.outer.filter(|_| pattern.is_bare())?);
    let file = scope.matcher?.file();
    let (_, binding) = outer.iter().find(|(_, own)| own.span == window)?;
    let Value::Node(id) = binding.value else { return None };
    let kind = file.tree().node(id).kind;
    if !matches!(kind, tree::Kind::Name | tree::Kind::Param) && !file.is_label(id) {
        return None;
    }
    let mut bindings = Bindings::default();
    if let Some(name) = pattern.metavars().first() {
        bindings.insert(Arc::clone(name), binding.clone());
    }
    scope.agree(&bindings, outer).then(|| Range::plain(window, bindings, Some(id)))
}

fn recast(mut found: Vec<Range>, kind: Kind) -> Vec<Range> {
    for range in &mut found {
        range.kind = kind;
    }
    found
}

fn all(positives: &[Query], negatives: &[Query], checks: &[Check], scope: &Scope<'_>) -> Vec<Range> {
    let mut found: Option<Vec<Range>> = None;
    for positive in positives {
        let mut operand = evaluate(positive, scope);
        // What fails a condition on a name is not worth combining. Explanations show it where it was written.
        if scope.explainer.is_none() && !operand.is_empty() {
            checks::drop_early(checks, &mut operand, scope);
        }
        found = Some(match found {
            None => operand,
            Some(found) => {
                let kept = ranges::intersect(&found, &operand, scope);
                explain::note_kept(scope, positive, &found, &kept);
                kept
            }
        });
        let count = found.as_ref().map_or(0, Vec::len);
        if count == 0 || scope.is_over(count) {
            break;
        }
    }
    // Without positives everything counts, as in a metavariable-pattern that only forbids.
    let mut found = found.unwrap_or_else(|| {
        let bindings = scope.outer.cloned().unwrap_or_default();
        vec![Range::plain(scope.whole(), bindings, None)]
    });
    for negative in negatives {
        if found.is_empty() || scope.is_over(found.len()) {
            break;
        }
        let taken = evaluate(negative, scope);
        if taken.is_empty() {
            continue;
        }
        let kept = ranges::subtract(&found, &taken, scope);
        explain::note_kept(scope, negative, &found, &kept);
        found = kept;
    }
    found
}

/// Replaces ranges by those of metavariables: a union inside a clause, an intersection of clauses.
fn focus(clauses: &[Vec<Metavar>], found: Vec<Range>, scope: &Scope<'_>) -> Vec<Range> {
    let mut focused = Vec::new();
    for range in found {
        let mut combined: Option<Vec<Range>> = None;
        for clause in clauses {
            let own: Vec<Range> = clause
                .iter()
                .filter_map(|name| {
                    let binding = range.bindings.get(name)?;
                    let node = match &binding.value {
                        Value::Node(node) => Some(*node),
                        _ => None,
                    };
                    Some(Range { span: binding.span, least_end: binding.span.end, node, ..range.clone() })
                })
                .collect();
            combined = Some(match combined {
                None => own,
                Some(before) => ranges::intersect(&before, &own, scope),
            });
        }
        // What a metavariable stands for outside the range is no result.
        let combined = combined.unwrap_or_default();
        focused.extend(ranges::intersect(&combined, std::slice::from_ref(&range), scope));
    }
    focused
}
