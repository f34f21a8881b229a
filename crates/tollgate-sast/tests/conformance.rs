//! The semantics of the rule language, one point per probe (`tests/conformance/probes`).

use std::path::PathBuf;

use tollgate_sast::testing;

/// Probes that do not pass yet. A probe that starts to pass must leave this list.
const KNOWN_FAULTS: &[&str] = &[];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/probes")
}

#[test]
fn every_probe_passes() {
    let report = testing::test_dir(&[folder()]);
    let (passed, all) = report.counts();
    println!("{report}");
    // Seven of the 380 probes expect no finding at all and leave no result when they pass.
    assert_eq!(all, 387, "every probe runs");
    assert!(report.errors.is_empty(), "every probe loads");
    let mut failed: Vec<&str> =
        report.results.iter().filter(|result| !result.passed()).map(|result| &*result.rule).collect();
    failed.sort_unstable();
    failed.dedup();
    assert_eq!(failed, KNOWN_FAULTS, "{passed} of {all} probes pass");
}
