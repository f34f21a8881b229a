//! A headless browser for applications that scripts put together. It runs pages and nothing else: every
//! request it makes is handed to this scanner's own client, which keeps to scope, rate and budgets, and the
//! browser itself has no way to any network.

mod dom;
mod launch;
mod pipe;
mod tab;

use std::path::PathBuf;

pub(crate) use dom::run as confirm_scripts;
pub(crate) use tab::{Browser, Plan, TABS, Visit};

/// Why there is no browser, or no answer from it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrowserError {
    #[error("no browser was found: none of {0} is on the path")]
    Missing(String),
    #[error("the browser `{path}` did not start: {reason}", path = .0.display(), reason = .1)]
    Start(PathBuf, String),
    #[error("the browser is gone")]
    Gone,
    #[error("the browser did not answer `{0}` in time")]
    Silent(&'static str),
    #[error("the browser refused `{0}`: {1}")]
    Refused(&'static str, String),
}
