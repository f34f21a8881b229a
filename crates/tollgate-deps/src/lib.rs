//! Third-party packages with known flaws: lockfiles and manifests are read into package graphs, a local
//! index of OSV advisories is matched against them, and every match says how to get rid of it.
//!
//! Only `scanner` and the index touch files; readers, version orders and matching take values and
//! return values. Whether the project's own code reaches a flaw is decided later in the pipeline, from
//! the import names and affected symbols that the findings carry.

mod builtin;
pub mod feeds;
mod findings;
pub mod fix;
pub mod graph;
pub mod grouping;
mod imports;
pub mod index;
pub mod licence;
pub mod manifest;
pub mod matching;
pub mod osv;
mod purl;
mod ranges;
pub mod scanner;
pub mod update;
mod upgrade;
pub mod version;
pub mod vex;

pub use licence::LicencePolicy;
pub use scanner::{DepsScanner, DepsSettings};
