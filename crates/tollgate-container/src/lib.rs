//! The engine room: container images made from our own binary, locked-down runs of them, staging apps
//! and third-party scanners, on any engine that speaks Docker's API.
//!
//! Every container, network, volume and image made here carries labels that name the owning process
//! and is removed on success, failure, timeout and interrupt; [`Engine::sweep`] removes what a killed
//! process left. Nothing here knows what a worker looks for: jobs and answers are bytes.

mod engine;
mod error;
mod owner;

pub use engine::{About, Engine};
pub use error::EngineError;
pub use owner::Owner;
