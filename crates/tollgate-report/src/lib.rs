//! Reports in and out: SARIF both ways, and the other formats people and programs read.
//!
//! The crate does no I/O of its own: writers are handed in, readers too. What it writes is strict and the
//! same for the same report; what it reads may be sloppy.

mod adapters;
pub mod csv;
pub mod cyclonedx;
pub mod format;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
mod table;
pub mod text;
mod wire;

pub use adapters::read_report;
pub use format::{Format, UnknownFormat, WriteError, WriteOptions, write};
pub use gitlab::GitlabReport;
pub use sarif::read::{ImportedReport, ReadError, ReadOptions, read_sarif};
pub use sarif::write::SarifOptions;
pub use text::TextOptions;
