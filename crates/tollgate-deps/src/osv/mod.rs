//! Advisories in the OSV schema (<https://ossf.github.io/osv-schema/>): reading a record, refusing what
//! cannot be understood, and turning ranges of events into intervals of versions.

pub(crate) mod advisory;
pub(crate) mod read;
pub(crate) mod schema;
pub(crate) mod severity;
pub(crate) mod span;

pub use advisory::{Informational, Rating};
pub use read::RecordError;
