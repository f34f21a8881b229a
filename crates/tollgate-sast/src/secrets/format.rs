//! The embedded formats: what the values of each provider look like.

use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;
use tollgate_core::{RuleId, Severity};

use super::check::Check;

/// Every file of `rules/secrets/`, sorted.
pub(super) const FILES: [(&str, &str); 7] = [
    ("ai.yaml", include_str!("../../../../rules/secrets/ai.yaml")),
    ("cloud.yaml", include_str!("../../../../rules/secrets/cloud.yaml")),
    ("communication.yaml", include_str!("../../../../rules/secrets/communication.yaml")),
    ("development.yaml", include_str!("../../../../rules/secrets/development.yaml")),
    ("generic.yaml", include_str!("../../../../rules/secrets/generic.yaml")),
    ("monitoring-and-data.yaml", include_str!("../../../../rules/secrets/monitoring-and-data.yaml")),
    ("payment.yaml", include_str!("../../../../rules/secrets/payment.yaml")),
];

/// What the values of one kind look like.
#[derive(Debug, Clone)]
pub struct Format {
    /// The rule that reports it.
    pub id: RuleId,
    /// What the value is, for messages.
    pub name: String,
    /// How bad a leak is.
    pub severity: Severity,
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
    pub(super) keywords: Vec<String>,
    pub(super) whole_file: bool,
    pub(super) near: Vec<String>,
    pub(super) check: Option<Check>,
    pub(super) entropy: f64,
}

impl Format {
    /// The regular expression; group 1 is the value.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The compiled expression, made when a keyword first asks for it: most scans need few. `None` when
    /// it does not compile; a test proves that all do.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }
}

/// Why the formats cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A file is no list of formats.
    #[error("failed to read secret formats {file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// One format is wrong.
    #[error("failed to read secret format {id} in {file}: {message}")]
    Format {
        /// The file.
        file: String,
        /// The format.
        id: String,
        /// What is wrong.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSyntax {
    formats: Vec<FormatSyntax>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FormatSyntax {
    id: String,
    name: String,
    pattern: String,
    keywords: Vec<String>,
    #[serde(default)]
    file_keywords: bool,
    #[serde(default)]
    near: Vec<String>,
    check: Option<String>,
    #[serde(default)]
    entropy: f64,
    severity: Option<String>,
}

/// The embedded formats, sorted by id.
///
/// # Errors
/// When a file is wrong; a test proves that none is.
pub fn formats() -> Result<Vec<Format>, FormatError> {
    let mut all = Vec::new();
    for (file, text) in FILES {
        let syntax: FileSyntax = serde_saphyr::from_str(text)
            .map_err(|error| FormatError::Syntax { file: file.to_owned(), message: error.to_string() })?;
        for format in syntax.formats {
            all.push(compile(file, format)?);
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

fn compile(file: &str, syntax: FormatSyntax) -> Result<Format, FormatError> {
    let wrong =
        |message: String| FormatError::Format { file: file.to_owned(), id: syntax.id.clone(), message };
    let severity = match &syntax.severity {
        None => Severity::High,
        Some(word) => word.parse().map_err(|error| wrong(format!("{error}")))?,
    };
    let check = syntax.check.as_deref().map(str::parse).transpose().map_err(wrong)?;
    if syntax.keywords.is_empty() {
        return Err(wrong("no keywords".to_owned()));
    }
    Ok(Format {
        id: RuleId::parse(&syntax.id).map_err(|error| wrong(error.to_string()))?,
        pattern: syntax.pattern.clone(),
        compiled: OnceLock::new(),
        name: syntax.name.clone(),
        severity,
        keywords: syntax.keywords.clone(),
        whole_file: syntax.file_keywords,
        near: syntax.near.iter().map(|word| word.to_lowercase()).collect(),
        check,
        entropy: syntax.entropy,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_and_every_format_compiles() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/secrets");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".yaml"))
            .collect();
        files.sort();
        assert_eq!(files, FILES.map(|(name, _)| name));
        let formats = formats().unwrap();
        assert!(formats.len() > 180, "{}", formats.len());
        for format in &formats {
            assert!(format.regex().is_some(), "{}", format.id);
        }
        for pair in formats.windows(2) {
            assert_ne!(pair[0].id, pair[1].id);
        }
    }
}
