//! The public data, where a copy is at hand: `TOLLGATE_ADVISORIES`, or `shared/advisories` beside the
//! repository. Without one this test says so and passes.

use std::path::{Path, PathBuf};

use tollgate_core::{Cancel, Severity};
use tollgate_deps::graph::{Ecosystem, PackageKey};
use tollgate_deps::grouping::group;
use tollgate_deps::index::{Index, status};
use tollgate_deps::matching::clears;
use tollgate_deps::update::{Outcome, Source, UpdateOptions, update};

fn bucket() -> Option<PathBuf> {
    let given = std::env::var_os("TOLLGATE_ADVISORIES").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/advisories");
    given.or(Some(beside)).filter(|dir| dir.join("ecosystems.txt").is_file())
}

#[test]
fn public_data_become_an_index() {
    let Some(bucket) = bucket() else {
        println!("SKIPPED: no copy of the public advisories; set TOLLGATE_ADVISORIES to one");
        return;
    };
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let options = UpdateOptions {
        kev: Some(Source::Path(bucket.join("kev/known_exploited_vulnerabilities.json"))),
        from: Source::Path(bucket),
        ecosystems: None,
        index_dir: dir.path().to_owned(),
        epss: None,
        now: 1_800_000_000,
        cancel: Cancel::new(),
    };
    let report = update(&options).expect("the directory is a bucket");
    assert!(!report.is_partial(), "{report:?}");
    let (mut advisories, mut left_out) = (0, 0);
    for (_, outcome) in &report.ecosystems {
        let Outcome::Rebuilt(counts) = outcome else { panic!("{report:?}") };
        advisories += counts.advisories;
        left_out += counts.refused + counts.faulty;
    }
    assert!(advisories > 15_000, "{advisories}");
    assert!(left_out * 1_000 < advisories, "{left_out} of {advisories}: {report:?}");
    assert!(status(dir.path()).is_ok_and(|status| status.kev.is_some_and(|kev| kev.entries > 1_000)));

    let index = Index::open(dir.path()).expect("it was just built");
    let flaws = |ecosystem, name: &str, version: &str| {
        group(index.matches(ecosystem, name, version).expect("it was just built"))
    };
    let log4j = flaws(Ecosystem::Maven, "org.apache.logging.log4j:log4j-core", "2.14.1");
    let shell =
        log4j.iter().find(|flaw| flaw.id.as_str() == "GHSA-jfh8-c2jp-5v3q").expect("Log4Shell is known");
    assert!(shell.kev && shell.severity() == Some(Severity::Critical), "{shell:?}");

    // One flaw under two ids, one of them without a score of its own.
    let regex = flaws(Ecosystem::CratesIo, "regex", "1.5.4");
    assert_eq!(regex.len(), 1, "{regex:?}");
    assert_eq!((regex[0].id.as_str(), regex[0].members.len()), ("RUSTSEC-2022-0013", 2));
    let key = PackageKey::new(Ecosystem::CratesIo, "regex");
    assert_eq!(clears(&index, &key, "1.5.4", &regex).expect("it was just built").as_deref(), Some("1.5.5"));

    let django = flaws(Ecosystem::PyPi, "Django", "4.0.3");
    assert!(django.len() >= 5, "{}", django.len());
    assert!(django.iter().any(|flaw| flaw.id.as_str() == "PYSEC-2022-190" && flaw.rating.is_some()));
    assert!(flaws(Ecosystem::PyPi, "django", "99").is_empty());
}
