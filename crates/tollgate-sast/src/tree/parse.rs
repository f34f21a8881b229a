//! Text to tree, within a budget of time and depth.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_core::{Cancel, Language};
use tree_sitter::{ParseOptions, Parser};

use super::{ParsedFile, lower, shell};

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
    #[error("file is larger than 1 GiB")]
    TooLarge,
}

/// The external scanners of these grammars keep a stack of block levels in a fixed buffer and abort the
/// process when it overflows.
const MAX_BLOCK_DEPTH: usize = 120;

/// What any text may take, and each byte of it besides: damaged code sends some grammars searching.
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_FOR_A_BYTE: Duration = Duration::from_micros(20);

impl ParsedFile {
    /// Parses a text.
    ///
    /// # Errors
    /// When time runs out, or the text cannot be parsed safely.
    pub fn parse(
        language: Language,
        dialect: Dialect,
        text: Arc<str>,
        cancel: &Cancel,
    ) -> Result<Self, ParseError> {
        if text.len() > 1 << 30 {
            return Err(ParseError::TooLarge);
        }
        let grammar = lower::grammar(language, dialect).ok_or(ParseError::NoGrammar(language))?;
        if nests_too_deep(language, &text) {
            return Err(ParseError::TooDeep);
        }
        let parsed = match language {
            Language::Bash => parse_text(grammar, &shell::apart(&text), cancel)?,
            _ => parse_text(grammar, &text, cancel)?,
        };
        let mut parsed = parsed;
        if language == Language::Kotlin && parsed.root_node().has_error() {
            // The grammar wants the end of a line, or a semicolon, before a brace closes.
            let closed = text.replace(" }", ";}");
            let again = parse_text(grammar, &closed, cancel)?;
            if !again.root_node().has_error() {
                parsed = again;
            }
        }
        let has_errors = parsed.root_node().has_error();
        let tree = lower::lower(grammar, &parsed, &text, cancel)?;
        Ok(Self::new(language, text, tree, has_errors))
    }
}

/// The concrete syntax tree of a text.
pub(crate) fn parse_text(
    grammar: &lower::Grammar,
    text: &str,
    cancel: &Cancel,
) -> Result<tree_sitter::Tree, ParseError> {
    let mut parser = Parser::new();
    parser.set_language(&grammar.language).expect("grammars are built for this tree-sitter");
    let bytes = text.as_bytes();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let cancel = cancel.with_deadline(Instant::now() + PATIENCE + PATIENCE_FOR_A_BYTE * length);
    let mut progress = |_: &tree_sitter::ParseState| {
        if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    parser
        .parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
        .ok_or(ParseError::OutOfTime)
}

/// Whether a text nests deeper than the grammar's external scanner can record.
fn nests_too_deep(language: Language, text: &str) -> bool {
    match language {
        Language::Yaml => yaml_depth(text) > MAX_BLOCK_DEPTH,
        Language::Python | Language::Scala => indentation_depth(text) > MAX_BLOCK_DEPTH,
        _ => false,
    }
}

/// The deepest stack of growing indentation.
fn indentation_depth(text: &str) -> usize {
    let (mut stack, mut deepest) = (Vec::new(), 0);
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if indent == line.len() {
            continue;
        }
        while stack.last().is_some_and(|top| *top >= indent) {
            stack.pop();
        }
        stack.push(indent);
        deepest = deepest.max(stack.len());
    }
    deepest
}

/// Indentation, with every `- `, `? ` and `: ` that may open another level on its line.
fn yaml_depth(text: &str) -> usize {
    let compact = text
        .lines()
        .map(|line| {
            let dashes =
                line.trim_start().split(' ').take_while(|word| matches!(*word, "-" | "?" | ":" | ""));
            dashes.count()
        })
        .max()
        .unwrap_or(0);
    indentation_depth(text) + compact
}
