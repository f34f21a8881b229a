//! Static analysis: rules in the public Semgrep syntax over tree-sitter grammars.

pub(crate) mod builtin;
mod cache;
pub mod compliance;
mod constants;
pub mod eval;
mod facts;
pub mod generic;
pub mod matching;
pub mod names;
pub mod pattern;
mod prefilter;
mod project;
pub mod rule;
pub mod rules;
pub mod scanner;
pub mod secrets;
mod suppress;
mod taint;
pub mod testing;
pub mod tree;
pub mod trial;

pub use facts::script_calls;
pub use scanner::{ExplainRequest, SastScanner, SastSettings};
