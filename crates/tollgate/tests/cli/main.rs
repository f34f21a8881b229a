//! What a user sees of the command line: one test binary, a clean environment, no network.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test that fails panics and says why")]

mod bad_input;
mod config;
mod dynamic;
mod examples;
mod identity;
#[cfg(unix)]
mod interrupt;
mod reports;
mod support;
