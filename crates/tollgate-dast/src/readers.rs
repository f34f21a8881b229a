//! What other scanners can read better: scripts and secrets. They come as functions, so that the scanners
//! need not know each other.

use tollgate_core::dynamic::{LeakedSecret, ScriptCall};

/// Reads the requests that a script makes; `None` where it does not parse.
pub type ReadScript = fn(&str) -> Option<Vec<ScriptCall>>;

/// Finds the credentials in a text.
pub type FindSecrets = fn(&str) -> Vec<LeakedSecret>;

/// Functions that read parts of answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readers {
    /// Without it, and where it reads nothing, scripts are searched for what looks like an address.
    pub script: Option<ReadScript>,
    /// Without it no credentials are found in answers.
    pub secrets: Option<FindSecrets>,
}
