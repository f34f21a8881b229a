//! What a report says of a rule, from `message`, `severity` and `metadata`.

use tollgate_core::{Confidence, Cwe, RuleId, RuleMeta, Severity};

use crate::rule::syntax::RuleSyntax;
use crate::rule::yaml::{Node, Value};

/// What reports say of the rule.
pub(crate) fn of_rule(syntax: &RuleSyntax, id: RuleId) -> RuleMeta {
    let metadata = syntax.metadata.as_ref();
    let words = |key: &str| -> Vec<String> {
        metadata
            .and_then(|node| node.get(key))
            .map(|node| node.texts().into_iter().map(|text| text.trim().to_owned()).collect())
            .unwrap_or_default()
    };
    let mut cwes: Vec<Cwe> = words("cwe").iter().filter_map(|text| text.parse().ok()).collect();
    cwes.sort_unstable();
    cwes.dedup();
    let owasp = words("owasp");
    let mut tags: Vec<String> = owasp.iter().map(|text| owasp_tag(text)).collect();
    tags.extend(words("category"));
    tags.extend(words("technology"));
    tags.extend(words("subcategory"));
    tags.extend(words("tags"));
    tags.retain(|tag| !tag.is_empty());
    tags.sort();
    tags.dedup();
    let confidence = match words("confidence").first().map(|word| word.to_ascii_uppercase()).as_deref() {
        Some("HIGH") => Confidence::High,
        Some("LOW") => Confidence::Low,
        _ => Confidence::Medium,
    };
    let mut references = words("references");
    references.retain(|reference| !reference.is_empty());
    RuleMeta {
        id,
        summary: summary(&syntax.message),
        help: syntax.message.trim().to_owned(),
        severity: Some(severity(&syntax.severity.value)),
        score: None,
        confidence,
        cwes,
        tags,
        references,
    }
}

/// The severity a rule claims.
pub(crate) fn severity(word: &str) -> Severity {
    match word {
        "CRITICAL" => Severity::Critical,
        "ERROR" | "HIGH" => Severity::High,
        "WARNING" | "MEDIUM" => Severity::Medium,
        "INFO" | "LOW" => Severity::Low,
        _ => Severity::Info,
    }
}

/// The named value of `metadata:` when it is a single word.
pub(crate) fn word<'s>(syntax: &'s RuleSyntax, key: &str) -> Option<&'s str> {
    syntax.metadata.as_ref().and_then(|node| node.get(key)).and_then(Node::text)
}

/// All entries of `metadata:` as text, for `rules show`.
pub(crate) fn entries(syntax: &RuleSyntax) -> Vec<(String, String)> {
    match syntax.metadata.as_ref().map(|node| &node.value) {
        Some(Value::Mapping(entries)) => entries
            .iter()
            .filter_map(|(key, value)| Some((key.text()?.to_owned(), value.texts().join(", "))))
            .collect(),
        _ => Vec::new(),
    }
}

fn summary(message: &str) -> String {
    let folded = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = folded
        .char_indices()
        .find(|(at, c)| *c == '.' && folded[at + 1..].starts_with(' '))
        .map_or(folded.len(), |(at, _)| at);
    let first = folded[..end].trim_end_matches('.');
    if first.chars().count() <= 160 {
        return first.to_owned();
    }
    let cut: String = first.chars().take(157).collect();
    format!("{}…", cut.trim_end())
}

/// `A03:2021 - Injection` becomes `OWASP-A03:2021`.
fn owasp_tag(text: &str) -> String {
    let code = text.split([' ', ',']).next().unwrap_or_default().trim_end_matches('-');
    if code.is_empty() { String::new() } else { format!("OWASP-{code}") }
}
