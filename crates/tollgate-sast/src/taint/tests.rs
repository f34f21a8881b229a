use std::path::PathBuf;

use crate::testing;

fn probes() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/probes")
}

#[test]
fn every_taint_probe_passes() {
    let mut rules: Vec<PathBuf> = std::fs::read_dir(probes())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("t_") && name.ends_with(".yaml")
        })
        .collect();
    rules.sort();
    let report = testing::test_dir(&rules);
    let failed: Vec<&str> =
        report.results.iter().filter(|result| !result.passed()).map(|result| &*result.rule).collect();
    assert!(report.errors.is_empty(), "{report}");
    assert_eq!(failed, Vec::<&str>::new(), "{report}");
    // Five probes expect nothing and report nothing.
    assert_eq!((rules.len(), report.results.len()), (40, 35));
}
