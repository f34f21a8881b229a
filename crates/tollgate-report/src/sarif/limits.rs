//! The limits up to which code hosts take a SARIF file.
//!
//! The figures are those GitHub documents for uploads. A report that would break one keeps the most
//! severe results; what was left out is said in a notification of the report itself.

use std::cmp::Reverse;
use std::io::{self, Write};

use tollgate_core::MergedFinding;

/// Results in one run.
pub const MAX_RESULTS: usize = 25_000;
/// Bytes of the file after gzip.
pub const MAX_COMPRESSED_BYTES: u64 = 10_000_000;
/// Locations of one result, related ones included.
pub const MAX_LOCATIONS: usize = 1_000;
/// Locations in one thread flow that are shown.
pub const MAX_THREAD_FLOW_LOCATIONS: usize = 1_000;
/// Tags of one rule.
pub const MAX_TAGS: usize = 20;
/// Tools besides the driver in one run.
pub const MAX_EXTENSIONS: usize = 100;

/// The order in which findings give way, as indices of `findings`: those that count first, then by
/// severity; equal ones in the order of the report.
pub(super) fn by_weight(findings: &[MergedFinding]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    // A finding nobody scored is gated as high by default, so it must not be the first to go.
    let severity = |at: usize| findings[at].finding.severity.unwrap_or(tollgate_core::Severity::High);
    order.sort_by_key(|&at| (!findings[at].counts(), Reverse(severity(at)), at));
    order
}

/// Counts the bytes that pass through it.
#[derive(Debug, Default)]
pub(super) struct ByteCount(pub(super) u64);

impl Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
