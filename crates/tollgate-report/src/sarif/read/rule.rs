//! Rules as other tools describe them.

use serde_json::Value;
use tollgate_core::{Confidence, Cwe, RuleId, RuleMeta, Score, Severity};

use super::lenient::{as_text, list, number, str_of, text};

/// A rule of a tool.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) meta: RuleMeta,
    /// Level by default, where given.
    pub(super) level: Option<String>,
    /// Texts for results that name one by id.
    pub(super) messages: Value,
    /// What to say where a result has no message of its own.
    pub(super) text: String,
    /// Package URLs the rule speaks of.
    pub(super) purls: Vec<String>,
}

impl Rule {
    /// The rule a descriptor describes; `None` where it has no id.
    pub(super) fn read(descriptor: &Value) -> Option<Self> {
        let id = rule_id(&text(descriptor, "id").or_else(|| text(descriptor, "name"))?)?;
        let mut rule = Self::bare(id);
        let properties = descriptor.get("properties").unwrap_or(&Value::Null);
        let multiformat = |key: &str| {
            let message = descriptor.get(key)?;
            message.as_str().or_else(|| str_of(message, "text")).filter(|text| !text.trim().is_empty())
        };
        let summary = multiformat("shortDescription")
            .or_else(|| multiformat("fullDescription"))
            .or_else(|| str_of(descriptor, "name"));
        if let Some(summary) = summary {
            rule.meta.summary = one_line(summary);
        }
        rule.text = multiformat("fullDescription").or(summary).unwrap_or_default().to_owned();
        let help = descriptor.get("help").and_then(|help| str_of(help, "markdown"));
        rule.meta.help = help
            .or_else(|| multiformat("help"))
            .or_else(|| multiformat("fullDescription"))
            .unwrap_or_default()
            .to_owned();
        rule.level = descriptor
            .get("defaultConfiguration")
            .or_else(|| descriptor.get("configuration"))
            .and_then(|configuration| {
                str_of(configuration, "level").or_else(|| str_of(configuration, "defaultLevel"))
            })
            .map(str::to_ascii_lowercase);
        (rule.meta.severity, rule.meta.score) = severity_in(properties);
        rule.meta.confidence = confidence_in(properties).unwrap_or_default();
        rule.meta.cwes = cwes_in(descriptor, properties);
        if rule.meta.cwes.is_empty() && rule.meta.id.as_str().to_ascii_lowercase().starts_with("cwe") {
            rule.meta.cwes.extend(rule.meta.id.as_str().parse::<Cwe>().ok());
        }
        rule.meta.tags = list(properties, "tags")
            .iter()
            .filter_map(Value::as_str)
            .filter(|tag| !tag.eq_ignore_ascii_case("security") && !tag.to_ascii_lowercase().contains("cwe-"))
            .map(one_line)
            .collect();
        rule.meta.tags.sort();
        rule.meta.tags.dedup();
        let references = list(properties, "references").iter().filter_map(Value::as_str);
        for url in str_of(descriptor, "helpUri").into_iter().chain(references) {
            if url.starts_with("http") && !rule.meta.references.iter().any(|known| known == url) {
                rule.meta.references.push(url.to_owned());
            }
        }
        rule.messages = descriptor.get("messageStrings").cloned().unwrap_or(Value::Null);
        rule.purls = list(properties, "purls").iter().filter_map(as_text).collect();
        Some(rule)
    }

    /// A rule of which nothing but the id is known.
    pub(super) fn bare(id: RuleId) -> Self {
        let meta = RuleMeta::bare(id);
        Self { meta, level: None, messages: Value::Null, text: String::new(), purls: Vec::new() }
    }
}

/// The id, control characters made blank; `None` where nothing is left.
pub(crate) fn rule_id(text: &str) -> Option<RuleId> {
    RuleId::parse(&text.replace(char::is_control, " ")).ok()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Severity and score that a property bag claims, in the spellings tools use.
pub(super) fn severity_in(properties: &Value) -> (Option<Severity>, Option<Score>) {
    const SCORES: [&str; 6] =
        ["security-severity", "securitySeverity", "cvssv3_baseScore", "cvssScore", "cvss_score", "cvss"];
    const WORDS: [&str; 8] = [
        "severity",
        "Severity",
        "issue_severity",
        "issueSeverity",
        "security_severity",
        "severityLevel",
        "impact",
        "risk",
    ];
    let security = SCORES.iter().find_map(|key| properties.get(key));
    let score = security.and_then(number).and_then(Score::new);
    if let Some(score) = score {
        return (Some(score.severity()), Some(score));
    }
    // Some tools write a word where the number belongs.
    let word = security.and_then(Value::as_str).and_then(severity_word);
    let word = word.or_else(|| WORDS.iter().find_map(|key| severity_word(str_of(properties, key)?)));
    (word, None)
}

/// The severity a word stands for.
pub(crate) fn severity_word(word: &str) -> Option<Severity> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "critical" | "blocker" | "very-high" | "very high" | "urgent" => Severity::Critical,
        "high" | "error" | "major" | "important" | "severe" => Severity::High,
        "medium" | "moderate" | "warning" | "warn" => Severity::Medium,
        "low" | "minor" | "recommendation" => Severity::Low,
        "info" | "informational" | "information" | "note" | "none" | "negligible" | "trivial" => {
            Severity::Info
        }
        _ => return None,
    })
}

/// How sure a property bag says its rule is.
pub(super) fn confidence_in(properties: &Value) -> Option<Confidence> {
    ["precision", "confidence", "issue_confidence", "Confidence"].iter().find_map(|key| {
        Some(match str_of(properties, key)?.to_ascii_lowercase().as_str() {
            "very-high" | "very high" | "high" => Confidence::High,
            "medium" => Confidence::Medium,
            "low" | "unknown" => Confidence::Low,
            "confirmed" | "certain" => Confidence::Confirmed,
            _ => return None,
        })
    })
}

/// Weaknesses that a rule or result names in its tags, properties, relationships or taxa.
pub(super) fn cwes_in(holder: &Value, properties: &Value) -> Vec<Cwe> {
    let mut cwes: Vec<Cwe> = Vec::new();
    let tags = list(properties, "tags").iter().chain(list(holder, "tags"));
    let tags = tags.filter_map(Value::as_str).filter(|tag| names_cwe(tag));
    cwes.extend(tags.filter_map(|tag| tag.parse::<Cwe>().ok()));
    for key in ["cwe", "CWE", "cwes", "cwe_id", "cweId", "cweid", "cwe_ids", "cweIds", "cwe-id"] {
        match properties.get(key) {
            Some(Value::Array(all)) => cwes.extend(all.iter().filter_map(as_cwe)),
            Some(Value::String(text)) => {
                cwes.extend(text.split([',', ';']).filter_map(|part| part.parse::<Cwe>().ok()));
            }
            Some(other) => cwes.extend(as_cwe(other)),
            None => {}
        }
    }
    let targets = list(holder, "relationships").iter().filter_map(|relation| relation.get("target"));
    for target in targets.chain(list(holder, "taxa")) {
        let taxonomy = target.get("toolComponent").and_then(|component| str_of(component, "name"));
        let Some(id) = text(target, "id") else { continue };
        if taxonomy.is_some_and(|name| name.to_ascii_uppercase().contains("CWE")) || names_cwe(&id) {
            cwes.extend(id.parse::<Cwe>().ok());
        }
    }
    cwes.sort_unstable();
    cwes.dedup();
    cwes
}

fn as_cwe(value: &Value) -> Option<Cwe> {
    match value {
        Value::Object(_) => text(value, "id").or_else(|| text(value, "cweId"))?.parse().ok(),
        other => as_text(other)?.parse().ok(),
    }
}

fn names_cwe(text: &str) -> bool {
    text.to_ascii_lowercase().contains("cwe")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn weaknesses_are_found_wherever_tools_put_them() {
        let check = |holder: Value| {
            let properties = holder.get("properties").cloned().unwrap_or(Value::Null);
            assert_eq!(cwes_in(&holder, &properties), [Cwe(89)], "{holder}");
        };
        check(json!({"properties": {"tags": ["security", "external/cwe/cwe-089"]}}));
        check(json!({"properties": {"tags": ["CWE-89: SQL Injection", "OWASP-A03"]}}));
        check(json!({"properties": {"cwe": "CWE-89"}}));
        check(json!({"properties": {"cwe": ["CWE-89"]}}));
        check(json!({"properties": {"cwe_id": 89}}));
        check(json!({"properties": {"cwes": [{"id": "89"}]}}));
        check(json!({"relationships": [{"target": {"id": "89", "toolComponent": {"name": "CWE"}}}]}));
        check(json!({"taxa": [{"id": "CWE-89"}]}));
    }

    #[test]
    fn severities_are_scores_or_words() {
        let check = |properties: Value, severity, score: Option<f64>| {
            let expected = (severity, score.and_then(Score::new));
            assert_eq!(severity_in(&properties), expected, "{properties}");
        };
        check(json!({"security-severity": "9.8"}), Some(Severity::Critical), Some(9.8));
        check(json!({"security-severity": 5}), Some(Severity::Medium), Some(5.0));
        check(json!({"security-severity": "HIGH"}), Some(Severity::High), None);
        check(json!({"issue_severity": "MEDIUM"}), Some(Severity::Medium), None);
        check(json!({"security-severity": "nonsense"}), None, None);
        check(json!({}), None, None);
    }
}
