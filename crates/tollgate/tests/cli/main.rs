//! What a user sees of the command line: one test binary, a clean environment, no network.

mod bad_input;
mod config;
mod dynamic;
mod examples;
mod reports;
mod support;
