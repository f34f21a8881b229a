//! What can be wrong with a rule file, with the place.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A fault of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub path: Arc<Path>,
    /// Where in it, when it could be read at all.
    pub place: Option<Place>,
    /// The text of that line.
    pub source_line: String,
    /// The rule concerned, where its id is known.
    pub rule: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// A place in a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters the fault covers, at least 1.
    pub width: u32,
}

/// What is wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file cannot be read.
    #[error("the rule file cannot be read: {0}")]
    Unreadable(String),
    /// No YAML.
    #[error("this is not YAML: {0}")]
    Yaml(String),
    /// More nesting, nodes or bytes than a rule file may have.
    #[error("the rule file exceeds the limit of {limit} {what}")]
    TooLarge {
        /// What was counted.
        what: &'static str,
        /// How many are admitted.
        limit: usize,
    },
    /// A key nobody knows.
    #[error("unknown key `{key}` in {context}")]
    UnknownKey {
        /// The key.
        key: String,
        /// What it stands in.
        context: &'static str,
        /// A known key that looks like it.
        suggestion: Option<String>,
    },
    /// The same key twice in one mapping.
    #[error("the key `{0}` stands here a second time")]
    DuplicateKey(String),
    /// A key that must be there.
    #[error("{context} needs the key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
        /// What should hold it.
        context: &'static str,
    },
    /// A value of the wrong shape.
    #[error("{context} must be {expected}")]
    WrongShape {
        /// What the value belongs to.
        context: String,
        /// What would be right.
        expected: String,
    },
    /// A word outside a fixed set.
    #[error("unknown {what} `{word}`")]
    UnknownWord {
        /// What the word names.
        what: &'static str,
        /// The word.
        word: String,
        /// A known word that looks like it.
        suggestion: Option<String>,
    },
    /// A pattern that does not parse.
    #[error("the pattern does not parse as {language}: {message}")]
    Pattern {
        /// The language it was read in.
        language: String,
        /// What the parser says.
        message: String,
    },
    /// A regular expression that does not compile.
    #[error("the regular expression does not compile: {0}")]
    Regex(String),
    /// An expression that does not parse.
    #[error("the {what} does not parse: {message}")]
    Expression {
        /// `comparison` or `requires`.
        what: &'static str,
        /// Why.
        message: String,
    },
    /// A glob that does not compile.
    #[error("the path pattern does not compile: {0}")]
    Glob(String),
    /// Something the syntax knows and this engine refuses.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Two rules of one id.
    #[error("the rule id `{id}` is already taken by {first}; this one is called `{own}`")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it was first seen.
        first: String,
        /// What the later rule is called.
        own: String,
    },
    /// A combination that makes no sense.
    #[error("{0}")]
    Senseless(String),
}

impl Problem {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { suggestion: Some(word), .. }
            | Self::UnknownWord { suggestion: Some(word), .. } => Some(format!("did you mean `{word}`?")),
            Self::MissingKey { key, .. } => Some(format!("add `{key}:`")),
            Self::DuplicateKey(_) => Some("keep one of the two".to_owned()),
            Self::DuplicateId { .. } => Some("give one of the two rules another id".to_owned()),
            Self::TooLarge { .. } => Some("split the file".to_owned()),
            _ => None,
        }
    }
}

impl RuleError {
    /// An error about the file as a whole.
    #[must_use]
    pub fn of_file(path: &Path, problem: Problem) -> Self {
        Self { path: path.into(), place: None, source_line: String::new(), rule: None, problem }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }

    /// `file:line:column`, as much of it as is known.
    #[must_use]
    pub fn location(&self) -> String {
        match self.place {
            Some(place) => format!("{}:{}:{}", self.path.display(), place.line, place.column),
            None => self.path.display().to_string(),
        }
    }

    /// The error in several lines: message, place, source line with a caret, hint.
    #[must_use]
    pub fn render(&self) -> String {
        render_block(&self.problem.to_string(), self, "error")
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render())
    }
}

impl std::error::Error for RuleError {}

/// A message with its place drawn below it, headed by `level`.
pub(crate) fn render_block(message: &str, error: &RuleError, level: &str) -> String {
    use fmt::Write as _;
    let mut out = match &error.rule {
        Some(rule) => format!("{level}: rule `{rule}`: {message}\n"),
        None => format!("{level}: {message}\n"),
    };
    if let Some(place) = error.place {
        let number = place.line.to_string();
        let gap = " ".repeat(number.len());
        let shown = clip(&error.source_line);
        let _ = writeln!(out, "{gap}--> {}", error.location());
        let _ = writeln!(out, "{gap} |");
        let _ = writeln!(out, "{number} | {shown}");
        let column = (place.column.max(1) - 1) as usize;
        let length = shown.chars().count();
        if column <= length {
            let width = (place.width.max(1) as usize).min((length - column).max(1));
            let _ = writeln!(out, "{gap} | {}{}", " ".repeat(column), "^".repeat(width));
        }
        if let Some(hint) = error.hint() {
            let _ = writeln!(out, "{gap} = help: {hint}");
        }
    } else {
        let _ = writeln!(out, " --> {}", error.location());
        if let Some(hint) = error.hint() {
            let _ = writeln!(out, " = help: {hint}");
        }
    }
    out
}

fn clip(line: &str) -> String {
    line.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A rule file's text, from which errors cite lines.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) path: Arc<Path>,
    pub(crate) text: Arc<str>,
    digest: [u8; 32],
}

impl SourceFile {
    pub(crate) fn new(path: PathBuf, text: &str) -> Self {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(text.as_bytes()).into();
        Self { path: path.into(), text: text.into(), digest }
    }

    /// A digest of the text.
    pub(crate) const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    pub(crate) fn line(&self, line: u32) -> &str {
        self.text.lines().nth((line.max(1) - 1) as usize).unwrap_or_default()
    }

    pub(crate) fn error(&self, place: Place, rule: Option<&str>, problem: Problem) -> RuleError {
        RuleError {
            path: Arc::clone(&self.path),
            place: Some(place),
            source_line: self.line(place.line).to_owned(),
            rule: rule.map(str::to_owned),
            problem,
        }
    }
}
