//! The rule language: what authors write and what it is compiled to.

pub(crate) mod compile;
pub(crate) mod error;
pub(crate) mod formula;
pub(crate) mod languages;
pub(crate) mod library;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod meta;
pub(crate) mod options;
pub(crate) mod paths;
pub(crate) mod read;
pub(crate) mod reader;
pub(crate) mod requires;
pub(crate) mod syntax;
#[cfg(test)]
mod tests;
pub(crate) mod yaml;

pub use compile::{Query, QueryKind, TaintQuery};
pub use error::{Place, Problem, RuleError};
pub use load::{Loaded, Rule};
pub use syntax::RuleLanguage;
