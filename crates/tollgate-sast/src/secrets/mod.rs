//! Secrets in the sources: formats of providers with structure checks, and values that look like a
//! credential where a credential is assigned.
//!
//! Nothing here talks to a network: a value is judged by its form and its surroundings alone.

mod check;
mod entropy;
mod find;
mod format;
mod generic;
mod history;
mod placeholder;
mod redact;
mod scanner;

pub use find::{Detector, Secret};
pub use format::{Format, FormatError, formats};
pub use scanner::{SecretsError, SecretsScanner, SecretsSettings};
