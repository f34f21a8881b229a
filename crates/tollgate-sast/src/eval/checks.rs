//! Conditions on the metavariables of a range.

use std::sync::Arc;

use tollgate_core::Language;

use crate::eval::comparison::{Datum, integer};
use crate::eval::ranges::Range;
use crate::eval::{Scope, analysis, evaluate, joined};
use crate::matching::{Binding, Bindings, Constant, Dialect, Matcher, ParsedFile, Span, Value};
use crate::rule::compile::{Check, CheckKind, Query};
use crate::rule::syntax::{Analyzer, RuleLanguage};

/// Nested metavariable-patterns deeper than this do not hold.
const MAX_NESTING: u32 = 12;
/// One range may split into this many by what a metavariable-pattern binds.
const MAX_SPLITS: usize = 64;

/// The ranges for which the condition holds, with what it bound.
pub(crate) fn filter(check: &Check, found: Vec<Range>, scope: &Scope<'_>) -> Vec<Range> {
    let mut kept = Vec::with_capacity(found.len());
    for range in found {
        if scope.cancel.is_cancelled() {
            break;
        }
        match &check.kind {
            CheckKind::Pattern { metavariable, language, query } => {
                if let Some(binding) = range.bindings.get(metavariable) {
                    kept.extend(nested(&range, binding, *language, query, scope));
                }
            }
            other => {
                if holds(other, &range.bindings, scope) {
                    kept.push(range);
                }
            }
        }
    }
    kept
}

/// Drops ranges for which a condition on a name that is bound already does not hold.
pub(crate) fn drop_early(checks: &[Check], found: &mut Vec<Range>, scope: &Scope<'_>) {
    for check in checks.iter().filter(|check| check.on_name) {
        if let CheckKind::Regex { metavariable, .. } = &check.kind {
            found.retain(|range| {
                range.bindings.get(metavariable).is_none() || holds(&check.kind, &range.bindings, scope)
            });
        }
    }
}

fn holds(check: &CheckKind, bindings: &Bindings, scope: &Scope<'_>) -> bool {
    match check {
        CheckKind::Regex { metavariable, regex, constants } => {
            // The reference engine finds nothing for numbered groups, and rules rely on it.
            if metavariable.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
                return false;
            }
            let Some(binding) = bindings.get(metavariable) else { return false };
            let folded = if *constants { constant_text(binding, scope) } else { None };
            let text = folded.as_deref().unwrap_or_else(|| scope.text_of(binding));
            regex.is_match(text).unwrap_or_else(|exhausted| {
                scope.troubles.regex(exhausted.to_string());
                false
            })
        }
        CheckKind::Comparison { metavariable, comparison, strip, base } => comparison.holds(&|name| {
            let binding = bindings.get(name)?;
            let converts =
                metavariable.as_deref().is_none_or(|own| own == name) && (*strip || base.is_some());
            if converts {
                // A literal is read as written, a name by its value.
                let written = base.and_then(|base| integer(unquoted(scope.text_of(binding)), base));
                if let Some(number) = written {
                    return Some(Datum::Int(number));
                }
                if let (false, Some(Constant::Int(value))) =
                    (*strip, scope.matcher.and_then(|matcher| matcher.constant(binding)))
                {
                    return Some(Datum::Int(value));
                }
                let text = constant_text(binding, scope).unwrap_or_else(|| scope.text_of(binding).to_owned());
                let text = if *strip { unquoted(&text) } else { &text };
                return integer_of(text, *base).or_else(|| Some(Datum::Str(text.into())));
            }
            // Nothing of C has no value to compare.
            if matches!(scope.text_of(binding), "NULL" | "nullptr") {
                return None;
            }
            Some(datum(binding, scope))
        }),
        CheckKind::Analysis { metavariable, analyzer } => {
            let Some(binding) = bindings.get(metavariable) else { return false };
            let text = constant_text(binding, scope).unwrap_or_else(|| scope.text_of(binding).to_owned());
            let text = unquoted(&text);
            match analyzer {
                Analyzer::Entropy | Analyzer::EntropyV2 => analysis::is_random(text),
                Analyzer::Redos => analysis::can_blow_up(text),
            }
        }
        CheckKind::Type { metavariable, types } => {
            let (Some(binding), Some(matcher)) = (bindings.get(metavariable), scope.matcher) else {
                return false;
            };
            let declared = matcher.declared_type(binding).or_else(|| {
                // A literal has the type of its value.
                match matcher.constant(binding)? {
                    Constant::Str(_) => Some("string".to_owned()),
                    Constant::Int(_) => Some("int".to_owned()),
                    Constant::Float(_) => Some("float".to_owned()),
                    Constant::Bool(_) => Some("bool".to_owned()),
                }
            });
            declared.is_some_and(|declared| types.iter().any(|wanted| same_type(&declared, wanted)))
        }
        CheckKind::Pattern { .. } => true,
    }
}

fn same_type(declared: &str, wanted: &str) -> bool {
    let fold = |text: &str| text.split_whitespace().collect::<String>();
    let (declared, wanted) = (fold(declared), fold(wanted));
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
    declared == wanted
        || (!wanted.contains('.') && last(&declared) == wanted)
        || (!declared.contains('.') && last(&wanted) == declared)
}

fn integer_of(text: &str, base: Option<u32>) -> Option<Datum> {
    if let Some(base) = base {
        return integer(text, base).map(Datum::Int);
    }
    let lower = text.trim().to_ascii_lowercase();
    let guessed = match lower.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    integer(&lower, guessed).map(Datum::Int).or_else(|| lower.parse().ok().map(Datum::Float))
}

/// The value of a binding: a constant where it is known, else its text.
fn datum(binding: &Binding, scope: &Scope<'_>) -> Datum {
    let text = || scope.text_of(binding);
    match scope.matcher.and_then(|matcher| matcher.constant(binding)) {
        Some(Constant::Int(value)) => Datum::Int(value),
        Some(Constant::Float(value)) => Datum::Float(value),
        Some(Constant::Bool(value)) => Datum::Bool(value),
        Some(Constant::Str(value)) if !matches!(binding.value, Value::Text(_)) => Datum::Str(value),
        _ => {
            // Groups of regular expressions and generic patterns are text that may be a number.
            let number = scope.matcher.is_none() || matches!(binding.value, Value::Text(_));
            let parsed = if number { integer_of(text(), None) } else { None };
            parsed.unwrap_or_else(|| Datum::Str(text().into()))
        }
    }
}

/// The text of a binding whose value is a known string or number.
pub(crate) fn constant_text(binding: &Binding, scope: &Scope<'_>) -> Option<String> {
    Some(match scope.matcher?.constant(binding)? {
        Constant::Str(text) => text.to_string(),
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => value.to_string(),
        Constant::Bool(value) => value.to_string(),
    })
}

fn unquoted(text: &str) -> &str {
    let trimmed = text.trim();
    ["\"\"\"", "'''", "\"", "'", "`"]
        .iter()
        .find_map(|quote| trimmed.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// The span without the quotes of a literal.
fn inner_span(span: Span, text: &str) -> Span {
    let whole = span.of(text);
    let inner = unquoted(whole);
    if inner.len() == whole.len() {
        return span;
    }
    let offset = inner.as_ptr() as usize - whole.as_ptr() as usize;
    let start = span.start + u32::try_from(offset).unwrap_or(0);
    Span { start, end: start + u32::try_from(inner.len()).unwrap_or(0) }
}

fn nested(
    range: &Range,
    binding: &Binding,
    language: Option<RuleLanguage>,
    query: &Query,
    scope: &Scope<'_>,
) -> Vec<Range> {
    if scope.depth >= MAX_NESTING {
        return Vec::new();
    }
    let inside = |window: Span| Scope {
        text: scope.text,
        matcher: scope.matcher,
        window: Some(window),
        outer: Some(&range.bindings),
        cancel: scope.cancel,
        troubles: scope.troubles,
        explainer: scope.explainer,
        depth: scope.depth + 1,
        tokens: scope.tokens,
    };
    let found = match language {
        None => evaluate(query, &inside(binding.span)),
        Some(RuleLanguage::Generic | RuleLanguage::Regex) => {
            let span = match binding.value {
                Value::Node(_) => inner_span(binding.span, scope.text),
                _ => binding.span,
            };
            evaluate(query, &inside(span))
        }
        Some(RuleLanguage::Code(language)) => embedded(range, binding, language, query, scope),
    };
    let binds_more =
        found.iter().any(|nested| nested.bindings.iter().any(|(name, _)| range.bindings.get(name).is_none()));
    if !binds_more {
        return if found.is_empty() { Vec::new() } else { vec![range.clone()] };
    }
    found
        .into_iter()
        .take(MAX_SPLITS)
        .map(|nested| Range { bindings: joined(&range.bindings, &nested.bindings), ..range.clone() })
        .collect()
}

/// Evaluates on the bound text read as another language.
fn embedded(
    range: &Range,
    binding: &Binding,
    language: Language,
    query: &Query,
    scope: &Scope<'_>,
) -> Vec<Range> {
    let span = match binding.value {
        Value::Node(_) => inner_span(binding.span, scope.text),
        _ => binding.span,
    };
    let text: Arc<str> =
        if span.start == span.end { scope.text_of(binding).into() } else { span.of(scope.text).into() };
    let Ok(file) = ParsedFile::parse(language, Dialect::Plain, text, scope.cancel) else { return Vec::new() };
    let matcher = Matcher::new(&file, scope.cancel);
    // Code of two languages is compared as text.
    let mut outer = Bindings::default();
    for (name, binding) in range.bindings.iter() {
        outer.insert(Arc::clone(name), Binding::text_at(binding.span, scope.text_of(binding)));
    }
    let tokens = crate::generic::tokens::TokenCache::default();
    let inner = Scope {
        text: file.text(),
        matcher: Some(&matcher),
        window: None,
        outer: Some(&outer),
        cancel: scope.cancel,
        troubles: scope.troubles,
        explainer: None,
        depth: scope.depth + 1,
        tokens: &tokens,
    };
    let found = evaluate(query, &inner);
    found
        .into_iter()
        .map(|nested| {
            let mut bindings = Bindings::default();
            for (name, binding) in nested.bindings.iter() {
                let moved =
                    Span { start: span.start + binding.span.start, end: span.start + binding.span.end };
                bindings.insert(Arc::clone(name), Binding::text_at(moved, inner.text_of(binding)));
            }
            Range::plain(span, bindings, None)
        })
        .collect()
}
