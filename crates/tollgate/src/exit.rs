//! Exit codes, the same for every command.

/// The gate passed, or the command did what it was asked.
pub(crate) const PASSED: u8 = 0;
/// The gate failed.
pub(crate) const FAILED: u8 = 1;
/// Wrong usage, configuration or rule file.
pub(crate) const USAGE: u8 = 2;
/// Some scanner did not finish and is not optional.
pub(crate) const INCOMPLETE: u8 = 3;
/// There was nothing to scan.
pub(crate) const NOTHING_TO_SCAN: u8 = 4;
/// The user interrupted the run.
pub(crate) const INTERRUPTED: u8 = 130;
