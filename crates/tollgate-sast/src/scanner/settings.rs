//! What the static scanner is asked to do.

use std::path::PathBuf;
use std::time::Duration;

use tollgate_core::{Language, SettingLine, Severity};

/// Settings of the static scanner.
#[derive(Debug, Clone)]
pub struct SastSettings {
    /// Rule files and folders.
    pub rules: Vec<PathBuf>,
    /// Whether the built-in rules run too.
    pub builtin: bool,
    /// Which of the built-in rules: `default`, `extended`, `owasp-top-10` or `cwe-top-25`.
    pub pack: String,
    /// Rules to leave out: ids, or prefixes of them up to a dot.
    pub disable: Vec<String>,
    /// Severities that replace those of rules, by id or prefix; the last that fits holds.
    pub severity_overrides: Vec<(String, Severity)>,
    /// Only these languages, where given.
    pub languages: Option<Vec<Language>>,
    /// Whether taint follows calls into other functions.
    pub cross_function: bool,
    /// Whether taint that follows calls also follows them into other files.
    pub cross_file: bool,
    /// How long one file may take.
    pub file_timeout: Duration,
    /// A line to explain.
    pub explain: Option<ExplainRequest>,
    /// The settings as `--dry-run` prints them.
    pub lines: Vec<SettingLine>,
}

impl Default for SastSettings {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            builtin: true,
            pack: "default".to_owned(),
            disable: Vec::new(),
            severity_overrides: Vec::new(),
            languages: None,
            cross_function: true,
            cross_file: true,
            file_timeout: Duration::from_secs(30),
            explain: None,
            lines: Vec::new(),
        }
    }
}

/// A question why a rule does or does not report a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainRequest {
    /// The file, relative to the scan root.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The rule: its id or the end of it.
    pub rule: String,
}

impl ExplainRequest {
    pub(crate) fn means(&self, id: &str) -> bool {
        id == self.rule || id.ends_with(&format!(".{}", self.rule))
    }
}

/// Whether a setting's word names a rule: its id, a prefix of it up to a dot, or `prefix*`.
pub(crate) fn names_rule(word: &str, id: &str) -> bool {
    match word.strip_suffix('*') {
        Some(prefix) => id.starts_with(prefix),
        None => id == word || id.strip_prefix(word).is_some_and(|rest| rest.starts_with('.')),
    }
}
