//! What the static engine knows of values: conditions that always hold, elements of collections.

use std::path::PathBuf;

use tollgate_sast::testing;

#[test]
fn values_are_followed_where_they_go_and_nowhere_else() {
    let report = testing::test_dir(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/values")]);
    assert!(report.passed(), "{report}");
    assert!(report.untested.is_empty(), "{report}");
    assert!(!report.results.is_empty(), "the folder has rules");
}
