//! Rules for whoever lists, shows and checks them.

pub use crate::builtin::{PACKS, load as builtin};
pub use crate::rule::error::{Place, Problem, RuleError};
pub use crate::rule::lint::{LintLevel, LintMessage, lint};
pub use crate::rule::load::{Loaded, Rule, load, parse};
pub use crate::rule::syntax::RuleLanguage;
