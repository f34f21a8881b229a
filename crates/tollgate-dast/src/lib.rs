//! A web scanner with proof: it crawls a running application, probes every parameter place and reports
//! only what a second, different request confirmed and a negative control did not.
//!
//! It reaches nothing but what [`ScopeSettings`] admit, needs [`DastSettings::active`] before it sends a
//! payload, and never calls a scan complete that lost its session, its target or its budget.

mod active;
mod baseline;
mod browser;
mod checks;
mod client;
mod discover;
mod engine;
mod error;
mod evidence;
mod html;
mod hurdle;
mod insert;
mod message;
mod oob;
mod pace;
mod passive;
mod readers;
mod roots;
mod scanner;
mod scope;
mod session;
mod settings;
mod technology;
mod token;
pub mod worker;

pub use checks::check_ids;
pub use error::DastError;
pub use passive::LIBRARY_RULE;
pub use readers::{FindSecrets, ReadScript, Readers};
pub use scanner::DastScanner;
pub use scope::{InScopeUrl, OutOfScope, Scope};
pub use settings::{
    AuthMethod, CallbackSettings, CheckSelection, DastSettings, Document, Indicators, ScopeSettings, Secret,
    TlsSettings, UserAuth,
};
