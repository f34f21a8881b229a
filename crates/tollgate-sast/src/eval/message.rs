//! Fills metavariables into messages and fixes.

use crate::eval::{Scope, checks};
use crate::matching::Bindings;

/// Metavariables longer than this are cut in messages.
const MAX_SHOWN: usize = 400;

/// How bound code is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// For reading: long code is cut.
    Message,
    /// For replacing code: everything.
    Fix,
}

/// The template with `$X` and `value($X)` replaced; unbound names stay as they are.
pub(crate) fn interpolate(template: &str, bindings: &Bindings, scope: &Scope<'_>, style: Style) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        let (before, tail) = rest.split_at(at);
        let Some((name, length)) = bound_name(tail, bindings) else {
            out.push_str(before);
            out.push('$');
            rest = &tail[1..];
            continue;
        };
        let asks_value = before.ends_with("value(") && tail[length..].starts_with(')');
        let binding = bindings.get(name);
        if asks_value && style == Style::Message {
            out.push_str(&before[..before.len() - "value(".len()]);
            if let Some(binding) = binding {
                let value = checks::constant_text(binding, scope);
                push(&mut out, value.as_deref().unwrap_or_else(|| scope.text_of(binding)), style);
            }
            rest = &tail[length + 1..];
            continue;
        }
        out.push_str(before);
        if let Some(binding) = binding {
            push(&mut out, scope.text_of(binding), style);
        }
        rest = &tail[length..];
    }
    out.push_str(rest);
    out
}

fn push(out: &mut String, text: &str, style: Style) {
    if style == Style::Message && text.chars().count() > MAX_SHOWN {
        out.extend(text.chars().take(MAX_SHOWN));
        out.push('…');
    } else {
        out.push_str(text);
    }
}

/// The longest bound name that `text` starts with.
fn bound_name<'t>(text: &'t str, bindings: &Bindings) -> Option<(&'t str, usize)> {
    let prefix = if text.starts_with("$...") { 4 } else { 1 };
    let letters =
        text[prefix..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (1..=letters)
        .rev()
        .map(|count| &text[..prefix + count])
        .find(|name| bindings.get(name).is_some())
        .map(|name| (name, name.len()))
}
