//! Static and dynamic findings that are one flaw.

use tollgate_core::MergedFinding;
use tollgate_core::facts::Route;

/// Placeholder.
#[must_use]
pub fn correlate(findings: Vec<MergedFinding>, _routes: &[Route]) -> Vec<MergedFinding> {
    findings
}
