//! Scripts that write what an attacker chooses into the page: text from the address followed, statement by
//! statement, to a call that parses it. No browser runs the script, so the confidence is medium.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::claim;
use crate::engine::Engine;
use crate::html;
use crate::message::{Answer, Template};

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is a literal"));
    };
}

pattern!(
    SOURCE,
    r"\b(?:location\.(?:hash|search|href|pathname)|document\.(?:URL|documentURI|baseURI|referrer|cookie|location)\b|window\.name\b|(?:local|session)Storage\.getItem|URLSearchParams\((?:window\.|document\.)?location|window\.location\b|(?:e|event|evt|message|msg)\.data\b)"
);
pattern!(
    SINK,
    r"(?:\bdocument\.write(?:ln)?\s*\(|\.(?:innerHTML|outerHTML|srcdoc)\s*\+?=[^=]|\.insertAdjacentHTML\s*\(|\beval\s*\(|\bsetTimeout\s*\(|\bsetInterval\s*\(|\bnew\s+Function\s*\(|\bFunction\s*\(|\.createContextualFragment\s*\(|\$\([^()]{0,80}\)\.(?:html|append|prepend|after|before|replaceWith)\s*\(|\bexecScript\s*\(|\.parseHTML\s*\(|\blocation(?:\.href)?\s*=[^=]|\blocation\.(?:assign|replace)\s*\(|\.(?:src|href|action)\s*=[^=])"
);
pattern!(ASSIGN, r"^\s*(?:(?:var|let|const)\s+)?([A-Za-z_$][\w$]*)\s*\+?=([^=].*)$");
pattern!(
    CLEAN,
    r"encodeURIComponent|escapeHtml|escapeHTML|htmlEscape|DOMPurify|sanitize|parseInt|Number\s*\(|\.textContent|indexOf\([^)]*\)\s*[;)]?\s*$"
);

/// Longest script that is looked through.
const MAX_SCRIPT: usize = 60_000;

pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    if !engine.checks.enabled("dast.dom-xss") || !answer.is_success() {
        return;
    }
    if answer.is_script() {
        tell(engine, template, answer, &answer.body);
    } else if answer.is_html() && (answer.body.contains("location") || answer.body.contains("document.")) {
        for script in html::parse(&answer.body).scripts {
            tell(engine, template, answer, &script);
        }
    }
}

fn tell(engine: &Engine, template: &Template, answer: &Answer, script: &str) {
    if let Some(statement) = flow(script) {
        let marker: String = statement.chars().take(200).collect();
        claim(engine, "dast.dom-xss", template, answer, Some(&marker));
    }
}

/// The statement that hands text from outside to a parser, if there is one.
fn flow(script: &str) -> Option<&str> {
    if script.len() > MAX_SCRIPT || !SOURCE.is_match(script) {
        return None;
    }
    let mut tainted: BTreeSet<&str> = BTreeSet::new();
    for statement in statements(script) {
        let from_outside = |text: &str| {
            !CLEAN.is_match(text)
                && (SOURCE.is_match(text) || tainted.iter().any(|name| has_word(text, name)))
        };
        if let Some(sink) = SINK.find(statement) {
            let rest = &statement[sink.end().saturating_sub(1)..];
            // Sending the browser on within the site is what addresses are for.
            let address = !sink.as_str().contains('(')
                && !sink.as_str().contains("HTML")
                && !sink.as_str().contains("srcdoc");
            let whole = rest.trim_start_matches(['=', ' ', '(']);
            let leads = !address || !whole.starts_with(['\'', '"', '`']);
            if leads && from_outside(rest) {
                return Some(statement.trim());
            }
        }
        if let Some(parts) = ASSIGN.captures(statement) {
            let (name, value) = (parts.get(1)?.as_str(), parts.get(2)?.as_str());
            if from_outside(value) {
                tainted.insert(name);
            }
        }
    }
    None
}

/// The statements of a script, split where a separator stands in code and not in a string.
fn statements(script: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, c) in script.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open || c == '\n' && open != '`' => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            None if matches!(c, ';' | '\n' | '{' | '}') => {
                out.push(&script[start..at]);
                start = at + c.len_utf8();
            }
            None => {}
        }
    }
    out.push(&script[start..]);
    out
}

fn has_word(text: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '$' || c == '.'));
    text.match_indices(word).any(|(at, _)| {
        let after = text[at + word.len()..].chars().next();
        edge(text[..at].chars().next_back())
            && after.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '$'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_followed_to_the_parser() {
        for (script, found) in [
            (
                "document.write('<b style=\"a: b; c: d\">' + decodeURIComponent(document.location.hash.substring(5)))",
                true,
            ),
            ("var q = location.search; var t = q.slice(1); el.innerHTML = t", true),
            ("var q = location.search; el.textContent = q", false),
            ("var q = encodeURIComponent(location.search); el.innerHTML = q", false),
            ("var i = document.location.hash.indexOf('x='); el.innerHTML = i", false),
            ("el.innerHTML = 'fixed'; track(location.href)", false),
            ("location.href = '/next?from=' + location.pathname", false),
            ("eval(window.name)", true),
            ("var name = 1; var q = location.hash; el.innerHTML = names", false),
        ] {
            assert_eq!(flow(script).is_some(), found, "{script}");
        }
    }
}
