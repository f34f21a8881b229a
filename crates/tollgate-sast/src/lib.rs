//! Static analysis: rules in the public Semgrep syntax over tree-sitter grammars.

mod constants;
pub mod matching;
pub mod pattern;
pub mod tree;
