//! Reports in and out: SARIF both ways, and the other formats people and programs read.
//!
//! The crate does no I/O of its own: writers are handed in, readers too. What it writes is strict and the
//! same for the same report; what it reads may be sloppy.

pub mod format;
pub mod json;
pub mod sarif;
pub mod text;
mod wire;

pub use format::{Format, UnknownFormat, WriteError, WriteOptions, write};
pub use sarif::read::{ImportedReport, ReadError, ReadOptions, read_sarif};
pub use sarif::write::SarifOptions;
pub use text::TextOptions;
