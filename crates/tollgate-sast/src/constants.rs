//! Constant values of expressions.

use std::sync::Arc;

/// A value known before the program runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A string.
    Str(Arc<str>),
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Bool(bool),
}
