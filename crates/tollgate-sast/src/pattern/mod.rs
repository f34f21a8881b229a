//! Patterns: compilation and matching.

use tollgate_core::{Cancel, Language};

use crate::matching::{Match, Metavar, PatternOptions};
use crate::tree::ParsedFile;

/// A compiled pattern; clones are cheap.
#[derive(Debug, Clone)]
pub struct Pattern(std::sync::Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: u64,
    words: Vec<String>,
    metavars: Vec<Metavar>,
}

/// A pattern that is no code of its language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// Where in the pattern's text, in bytes.
    pub offset: usize,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// When the text is no code of the language in any context a pattern may stand in.
    pub fn compile(_: Language, _: &str, _: &PatternOptions) -> Result<Self, PatternError> {
        Err(PatternError { message: "not yet".into(), offset: 0 })
    }

    /// Identity, unique in the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Words every file with a match contains, longest first.
    #[must_use]
    pub fn required_words(&self) -> &[String] {
        &self.0.words
    }

    /// The metavariables the pattern names, sorted.
    #[must_use]
    pub fn metavars(&self) -> &[Metavar] {
        &self.0.metavars
    }

    pub(crate) fn find(&self, _: &ParsedFile, _: &Cancel) -> Vec<Match> {
        Vec::new()
    }
}
