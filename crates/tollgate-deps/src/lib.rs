//! Third-party packages with known flaws: lockfiles and manifests are read into package graphs, a local
//! index of OSV advisories is matched against them, and every match says how to get rid of it.
//!
//! Only `scanner` and the index touch files; readers, version orders and matching take values and
//! return values. Whether the project's own code reaches a flaw is decided later in the pipeline, from
//! the import names and affected symbols that the findings carry.

pub mod graph;
pub mod manifest;
mod purl;
pub mod version;
mod builtin;
pub mod feeds;
pub mod grouping;
pub mod index;
pub mod matching;
pub mod osv;
