//! How bad an advisory says a flaw is: CVSS vectors of versions 2, 3 and 4, else what the database adds.

use cvss::Cvss;
use serde_json::{Map, Value};
use tollgate_core::{Score, Severity};

use super::advisory::Rating;
use super::schema;

/// Keys under which databases keep a score, a vector or a word, best first.
const DATABASE_KEYS: [&str; 5] = ["cvss_v4", "cvss_v3", "cvss", "severity", "cvss_v2"];

/// The rating of the newest CVSS version that can be read. Vectors come before words.
pub(crate) fn from_list(list: Option<&[schema::Severity]>) -> Option<Rating> {
    let list = list?;
    let version = |entry: &schema::Severity| match entry.kind.as_str() {
        "CVSS_V4" => 0,
        "CVSS_V3" => 1,
        "CVSS_V2" => 2,
        _ => 3,
    };
    let mut ordered: Vec<&schema::Severity> = list.iter().collect();
    ordered.sort_by_key(|entry| version(entry));
    ordered.into_iter().find_map(|entry| from_value(&entry.score))
}

/// What `database_specific` or `ecosystem_specific` says.
pub(crate) fn from_extra(extra: Option<&Map<String, Value>>) -> Option<Rating> {
    let extra = extra?;
    DATABASE_KEYS.iter().find_map(|key| from_value(extra.get(*key)?))
}

fn from_value(value: &Value) -> Option<Rating> {
    match value {
        Value::Number(number) => scored(Score::new(number.as_f64()?)?),
        Value::String(text) => from_text(text),
        Value::Object(object) => {
            ["vectorString", "vector_string", "vector", "score", "baseScore", "severity"]
                .iter()
                .find_map(|key| from_value(object.get(*key)?))
        }
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Rating> {
    let text = text.trim().trim_matches(['(', ')']);
    if text.contains(':') {
        let vector: Cvss = text.parse().ok()?;
        return scored(Score::new(vector.score())?);
    }
    if let Ok(number) = text.parse::<f64>() {
        return scored(Score::new(number)?);
    }
    let severity = match text.to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" | "negligible" => Severity::Low,
        _ => return None,
    };
    Some(Rating { severity, score: None })
}

fn scored(score: Score) -> Option<Rating> {
    Some(Rating { severity: score.severity(), score: Some(score) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let rating = from_text(text).map(|rating| {
            (rating.score.map_or_else(String::new, |score| score.to_string()), rating.severity.to_string())
        });
        let expected = expected.map(|(score, severity)| (score.to_owned(), severity.to_owned()));
        assert_eq!(rating, expected, "{text}");
    }

    #[test]
    fn vectors_of_each_version_are_scored() {
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some(("10.0", "critical")));
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(("6.1", "medium")));
        check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some(("9.3", "critical")));
        check("AV:N/AC:L/Au:N/C:P/I:P/A:P", Some(("7.5", "high")));
        check("CVSS:3.1/AV:X", None);
    }

    #[test]
    fn numbers_and_words_are_read() {
        check("7.5", Some(("7.5", "high")));
        check("MODERATE", Some(("", "medium")));
        check("unknown", None);
        check("11", None);
    }

    #[test]
    fn the_newest_version_counts() {
        let list: Vec<schema::Severity> = serde_json::from_str(
            r#"[{"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:C/I:C/A:C"},
                {"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L"}]"#,
        )
        .unwrap();
        assert_eq!(from_list(Some(&list)).unwrap().score.unwrap().to_string(), "3.7");
    }
}
