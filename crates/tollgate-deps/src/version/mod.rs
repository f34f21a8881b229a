//! The order of versions, exact for each ecosystem.
//!
//! A version is read once into a [`VersionKey`], a string of bytes whose plain order is the order of the
//! ecosystem. The index stores such keys, so that matching a package is comparing bytes. Reading never
//! fails: a text the ecosystem cannot read has a key below all others, and
//! [`VersionKey::is_readable`] tells.

mod composer;
mod conan;
mod key;
mod maven;
mod nuget;
mod pep440;
mod rubygems;
mod semver;

use std::cmp::Ordering;

pub use key::VersionKey;

use crate::graph::Ecosystem;

/// Reads a version as the ecosystem orders it.
#[must_use]
pub fn version_key(ecosystem: Ecosystem, text: &str) -> VersionKey {
    let text = text.trim();
    let read = match ecosystem {
        Ecosystem::PyPi => pep440::read(text),
        Ecosystem::Maven => maven::read(text),
        Ecosystem::RubyGems => rubygems::read(text),
        Ecosystem::Packagist => composer::read(text),
        Ecosystem::NuGet => nuget::read(text),
        Ecosystem::ConanCenter => conan::read(text),
        Ecosystem::Pub => semver::read(text, semver::Build::Ordered),
        Ecosystem::CratesIo
        | Ecosystem::Npm
        | Ecosystem::Go
        | Ecosystem::Hex
        | Ecosystem::SwiftUrl
        | Ecosystem::GitHubActions => semver::read(text, semver::Build::Ignored),
    };
    read.unwrap_or_else(|| VersionKey::unreadable(text))
}

/// Compares two versions of one ecosystem. The order is total; texts that differ may be equal versions.
#[must_use]
pub fn compare(ecosystem: Ecosystem, left: &str, right: &str) -> Ordering {
    version_key(ecosystem, left).cmp(&version_key(ecosystem, right))
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod orders;
