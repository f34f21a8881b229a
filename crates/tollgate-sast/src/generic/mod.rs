//! Patterns without a grammar: regular expressions and token sequences.

mod loose;
pub(crate) mod regexes;
pub(crate) mod tokens;
