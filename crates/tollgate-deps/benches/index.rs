//! How long it takes to build an index, and to match a large lockfile against it. The records are made
//! up in the shape of public ones; `TOLLGATE_BENCH_RECORDS` says how many (215000 for the whole of what
//! is public).

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use divan::Bencher;
use tempfile::TempDir;
use tollgate_core::Cancel;
use tollgate_deps::graph::Ecosystem;
use tollgate_deps::index::Index;
use tollgate_deps::update::{Source, UpdateOptions, update};
use zip::write::SimpleFileOptions;

fn main() {
    divan::main();
}

fn records() -> usize {
    std::env::var("TOLLGATE_BENCH_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// A bucket with one ecosystem.
fn bucket() -> &'static Path {
    static BUCKET: OnceLock<TempDir> = OnceLock::new();
    let dir = BUCKET.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary directory can be made");
        std::fs::create_dir(dir.path().join("npm")).expect("it is empty");
        std::fs::write(dir.path().join("ecosystems.txt"), "npm\n").expect("it is writable");
        let file = std::fs::File::create(dir.path().join("npm/all.zip")).expect("it is writable");
        let mut zip = zip::ZipWriter::new(std::io::BufWriter::new(file));
        let details = "An attacker who controls the input can make the package do what it should not. ".repeat(12);
        for at in 0..records() {
            zip.start_file(format!("X-{at}.json"), SimpleFileOptions::default()).expect("names differ");
            let (major, minor) = (at % 7, at % 23);
            write!(
                zip,
                r#"{{"schema_version":"1.6.0","id":"X-{at}","modified":"2024-01-01T00:00:00Z","aliases":["CVE-2024-{at}"],"summary":"A flaw","details":"{details}","severity":[{{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],"affected":[{{"package":{{"ecosystem":"npm","name":"package-{}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"{major}.0.0"}},{{"fixed":"{major}.{minor}.1"}}]}}]}}],"references":[{{"type":"WEB","url":"https://example.org/{at}"}}]}}"#,
                at * 7 % 150_000,
            )
            .expect("it is writable");
        }
        zip.finish().expect("it is writable");
        dir
    });
    dir.path()
}

fn build(dir: &Path) {
    let options = UpdateOptions {
        from: Source::Path(bucket().to_owned()),
        ecosystems: None,
        index_dir: dir.to_owned(),
        kev: None,
        epss: None,
        now: 0,
        cancel: Cancel::new(),
    };
    let report = update(&options).expect("the bucket is good");
    assert!(!report.is_partial(), "{report:?}");
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn build_index(bencher: Bencher<'_, '_>) {
    bucket();
    bencher
        .with_inputs(|| tempfile::tempdir().expect("a temporary directory can be made"))
        .bench_refs(|dir| build(dir.path()));
}

/// Opening included, as a scan does it.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn match_5000_packages(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    build(dir.path());
    let packages: Vec<(String, String)> = (0..5_000)
        .map(|at| (format!("package-{}", at * 331 % 1_500_000), format!("{}.{}.0", at % 7, at % 23)))
        .collect();
    bencher.bench_local(|| {
        let index = Index::open(dir.path()).expect("it was just built");
        packages
            .iter()
            .map(|(name, version)| {
                index.matches(Ecosystem::Npm, name, version).expect("it was just built").len()
            })
            .sum::<usize>()
    });
}
