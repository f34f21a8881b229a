//! Patterns without a grammar: regular expressions and token sequences.

pub(crate) mod comments;
mod loose;
pub(crate) mod regexes;
pub(crate) mod tokens;
