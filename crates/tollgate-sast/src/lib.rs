//! Static analysis: rules in the public Semgrep syntax over tree-sitter grammars.

mod constants;
pub mod names;
pub mod eval;
pub mod generic;
pub mod matching;
pub mod pattern;
pub mod rule;
pub mod secrets;
pub mod tree;
