//! The engine room: container images made from our own binary, locked-down runs of them, staging apps
//! and third-party scanners, on any engine that speaks Docker's API.
//!
//! Every container, network, volume and image made here carries labels that name the owning process
//! and is removed on success, failure, timeout and interrupt; [`Engine::sweep`] removes what a killed
//! process left. Nothing here knows what a worker looks for: jobs and answers are bytes.

mod belongings;
mod egress;
mod elf;
mod engine;
mod error;
mod image;
pub mod inside;
mod lines;
mod owner;
pub mod relay;
pub mod routes;
mod staging;
mod tool;
mod worker;

pub use belongings::Swept;
pub use egress::{ContainerTarget, Egress, RelayEgress};
pub use engine::{About, Engine};
pub use error::EngineError;
pub use image::ImageRef;
pub use owner::Owner;
pub use relay::{Relay, RelayLimits, RelayTarget, RelayUse};
pub use staging::{Death, Readiness, StagingApp, StagingError, StagingSource, StagingSpec};
pub use tool::{
    AdapterError, Format, ParseResult, Subject, Surroundings, ToolError, ToolImage, ToolNetwork, ToolProgram,
    ToolScanner, ToolSpec, ToolTarget, adapter_names,
};
pub use worker::{Limits, Output, WorkerEnd, WorkerExit, WorkerSpec};
