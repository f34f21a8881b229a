//! One normalised tree for every language.

use std::sync::Arc;

use tollgate_core::{Cancel, Language};

use crate::constants::Constant;
use crate::matching::Span;

/// A node of a file's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// Variants of a language that need another grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// The language itself (JavaScript always includes JSX).
    #[default]
    Plain,
    /// TypeScript with JSX.
    Tsx,
}

/// Why a file has no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The time budget ran out or the user interrupted.
    #[error("parsing ran out of time")]
    OutOfTime,
    /// Nesting the grammar cannot survive.
    #[error("nesting is too deep")]
    TooDeep,
    /// No grammar for it.
    #[error("no grammar for {0}")]
    NoGrammar(Language),
    /// Offsets do not fit.
    #[error("file is larger than 4 GiB")]
    TooLarge,
}

/// A file's text and tree.
#[derive(Debug)]
pub struct ParsedFile {
    language: Language,
    text: Arc<str>,
    tree: Tree,
    has_errors: bool,
    line_starts: Vec<u32>,
}

/// The nodes of a file.
#[derive(Debug, Default)]
pub struct Tree {}

impl Tree {
    /// Structural equality of two subtrees.
    #[must_use]
    pub fn equal(&self, a: NodeId, b: NodeId) -> bool {
        a == b
    }
}

impl ParsedFile {
    /// Parses a text.
    ///
    /// # Errors
    /// When time runs out, or the text cannot be parsed safely.
    pub fn parse(language: Language, _: Dialect, text: Arc<str>, _: &Cancel) -> Result<Self, ParseError> {
        Ok(Self { language, text, tree: Tree {}, has_errors: false, line_starts: vec![0] })
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    #[must_use]
    pub const fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether parts of the text did not parse.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Byte offset of the start of every line.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The tree.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, _: NodeId) -> Span {
        Span { start: 0, end: 0 }
    }

    /// The constant value of an expression.
    #[must_use]
    pub fn constant(&self, _: NodeId) -> Option<Constant> {
        None
    }

    /// The declared type of an expression, as written.
    #[must_use]
    pub fn declared_type(&self, _: NodeId) -> Option<String> {
        None
    }
}
