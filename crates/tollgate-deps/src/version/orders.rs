//! Orders that the documentation of each ecosystem states.

use std::cmp::Ordering;

use super::{compare, version_key};
use crate::graph::Ecosystem;

/// Each group is one version in several spellings; groups ascend.
fn check(ecosystem: Ecosystem, groups: &[&[&str]]) {
    let flat: Vec<(usize, &str)> =
        groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |text| (at, *text))).collect();
    for &(left_at, left) in &flat {
        for &(right_at, right) in &flat {
            assert_eq!(
                compare(ecosystem, left, right),
                left_at.cmp(&right_at),
                "{ecosystem}: `{left}` against `{right}`"
            );
        }
    }
}

#[test]
fn python() {
    check(
        Ecosystem::PyPi,
        &[
            &["2004d"],
            &["2004e"],
            &["1.dev0", "1.0.DEV"],
            &["1.0.dev456"],
            &["1.0a1", "1.0alpha1", "1.0-a.1"],
            &["1.0a2.dev456"],
            &["1.0a12.dev456"],
            &["1.0a12"],
            &["1.0b1.dev456"],
            &["1.0b2"],
            &["1.0b2.post345.dev456"],
            &["1.0b2.post345"],
            &["1.0rc1.dev456"],
            &["1.0rc1", "1.0c1", "1.0-preview-1"],
            &["1.0", "1", "v1.0.0", "1.00"],
            &["1.0+abc.5"],
            &["1.0+abc.7"],
            &["1.0+5"],
            &["1.0.post456.dev34"],
            &["1.0.post456", "1.0-456"],
            &["1.0.15"],
            &["1.1.dev1"],
            &["20240101"],
            &["20240101123456789012345678"],
            &["1!0.1"],
        ],
    );
}

#[test]
fn semantic_versions() {
    for ecosystem in [Ecosystem::Npm, Ecosystem::CratesIo, Ecosystem::Go, Ecosystem::Hex] {
        check(
            ecosystem,
            &[
                &["latest"],
                &["0.0.0-0"],
                &["0.0.0-20210428140749-89ef3d95e781"],
                &["0"],
                &["0.1", "0.1.0", "v0.1.0"],
                &["1.0.0-alpha"],
                &["1.0.0-alpha.1"],
                &["1.0.0-alpha.beta"],
                &["1.0.0-beta"],
                &["1.0.0-beta.2"],
                &["1.0.0-beta.11"],
                &["1.0.0-rc.1"],
                &["1.0.0", "1", "1.0", "v1.0.0", "=1.0.0", "1.0.0+build.5"],
                &["1.12", "1.12.0"],
                &["2.0.0+incompatible", "2"],
                &["41"],
                &["99999999999999999999999.0.0"],
            ],
        );
    }
    check(
        Ecosystem::Go,
        &[&["1.20beta1", "1.20.0-beta.1"], &["go1.20rc1", "1.20.0-rc.1"], &["go1.20"], &["1.20.3"]],
    );
    check(Ecosystem::Pub, &[&["1.0.0-a"], &["1.0.0"], &["1.0.0+1"], &["1.0.0+2"], &["1.0.1"]]);
    check(Ecosystem::GitHubActions, &[&["v3"], &["v3.1"], &["v4", "4.0.0"]]);
}

#[test]
fn revisions_are_not_versions() {
    for text in ["8f4b7f84864484a7bf31766abe9204da3cbe65b3", "main", "1.x", "", "1.0 beta"] {
        assert!(!version_key(Ecosystem::GitHubActions, text).is_readable(), "{text}");
    }
    assert!(!version_key(Ecosystem::Packagist, "dev-main").is_readable());
    assert!(!version_key(Ecosystem::RubyGems, "https://x").is_readable());
}

#[test]
fn ruby() {
    check(
        Ecosystem::RubyGems,
        &[
            &["1.0.a", "1.a"],
            &["1.0.b1", "1.b1"],
            &["1.0.b2"],
            &["1.0.b10"],
            &["1.0-rc1", "1.0.pre.rc1"],
            &["1.0.rc1"],
            &["1", "1.0", "1.0.0"],
            &["1.0.0.1"],
            &["1.10"],
            &["1.10.1"],
            &["5.0.0.beta1"],
            &["5.0.0"],
        ],
    );
}

#[test]
fn maven() {
    check(
        Ecosystem::Maven,
        &[
            &["1-alpha", "1.alpha", "1.0.0-ALPHA"],
            &["1-alpha-1", "1-a1", "1.0-alpha1", "1.0.0-alpha-1"],
            &["1-alpha-2"],
            &["1-beta-2", "1.0b2"],
            &["1-milestone-1", "1.0-m1"],
            &["1-rc", "1-cr"],
            &["1-rc-1", "1.0-CR1", "1.0.RC1"],
            &["1-SNAPSHOT", "1.0-snapshot"],
            &["1", "1.0", "1-ga", "1.final", "1.0.0.RELEASE", "1-0"],
            &["1-sp", "1.sp"],
            &["1-sp-1"],
            &["1-abc"],
            &["1-jre"],
            &["1-1"],
            &["1.1"],
            &["1.1.1"],
            &["1.2"],
            &["1.10"],
            &["3.2.10.Final.2.RELEASE"],
            &["3.2.10.1"],
        ],
    );
    check(Ecosystem::Maven, &[&["31.1-android"], &["31.1-jre"], &["32.0.0-android"], &["32.0.1-android"]]);
    check(Ecosystem::Maven, &[&["1-foo10"], &["1-foo.1"]]);
    check(Ecosystem::Maven, &[&["0", "0.00"], &["0-sp"], &["0-0.1"], &["0.0.1"]]);
    for odd in ["", "-", ".", "..-..", "1..", "-1", "é1", "1.é", "final", "0.0.0-final.0"] {
        let _ = version_key(Ecosystem::Maven, odd);
    }
}

#[test]
fn composer() {
    check(
        Ecosystem::Packagist,
        &[
            &["1.0.0-dev", "1.0-dev"],
            &["1.0.0-alpha", "1.0.0a"],
            &["1.0.0-alpha1", "1.0.0-a.1"],
            &["1.0.0-beta1-dev"],
            &["1.0.0-beta1", "1.0-b1"],
            &["1.0.0-beta11"],
            &["1.0.0-RC1", "1.0.0rc1"],
            &["1.0.0", "v1", "1.0", "1.0.0.0", "1.0.0-stable", "1.0.0+build", "1.0@beta"],
            &["1.0.0-patch1", "1.0.0pl1"],
            &["1.0.0.1"],
            &["1.0.x-dev"],
            &["1.1.0"],
            &["1.x-dev", "1.9999999.9999999.9999999-dev"],
            &["2.0.0"],
            &["2010-01-02", "2010.01.02"],
            &["20100102"],
        ],
    );
}

#[test]
fn nuget() {
    check(
        Ecosystem::NuGet,
        &[
            &["1.0.0-alpha", "1.0.0-ALPHA"],
            &["1.0.0-alpha.2"],
            &["1.0.0-alpha.10"],
            &["1.0.0-Beta"],
            &["1.0", "1", "1.0.0", "1.0.0.0", "1.00+sha"],
            &["1.0.0.1-rc"],
            &["1.0.0.1"],
            &["1.0.1"],
        ],
    );
}

#[test]
fn conan() {
    check(
        Ecosystem::ConanCenter,
        &[
            &["1.0-rc"],
            &["1", "1.0", "1.0.0"],
            &["1.0.2t"],
            &["1.0.2u"],
            &["1.1"],
            &["cci.20200101"],
            &["cci.20210101"],
        ],
    );
}

#[test]
fn nothing_is_below_the_minimum() {
    for ecosystem in Ecosystem::ALL {
        for text in ["0", "", "0.0.0-0", "dev", "0.dev0"] {
            assert_eq!(super::VersionKey::MIN.cmp(&version_key(ecosystem, text)), Ordering::Less, "{text}");
        }
    }
}
