//! Findings about third-party packages.

use crate::location::SourceLocation;
use crate::path::RepoPath;
use crate::rule::RuleId;

/// A known vulnerability in a package the project depends on. All paths and all advisories of one flaw
/// in one package version in one lockfile are one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFinding {
    /// Line of the lockfile or manifest that names the package.
    pub location: SourceLocation,
    /// Ecosystem by its OSV name, for example `crates.io`.
    pub ecosystem: String,
    /// Package name as the ecosystem spells it.
    pub package: String,
    /// Version in use.
    pub version: String,
    /// Package URL (<https://github.com/package-url/purl-spec>).
    pub purl: String,
    /// Other ids of the same flaw, sorted; the finding's rule is the canonical one.
    pub aliases: Vec<RuleId>,
    /// Versions that contain the fix, smallest first.
    pub fixed_versions: Vec<String>,
    /// From a direct dependency to the package, each path as `name@version` parts.
    pub dependency_paths: Vec<Vec<String>>,
    /// What the dependency is used for.
    pub usage: Usage,
    /// Whether the project's own code gets to it.
    pub reachability: Reachability,
    /// Names under which source code imports the package, for reachability.
    pub import_names: Vec<String>,
    /// Symbols the advisory says are affected, as `module::symbol` or `import/path.Symbol`.
    pub affected_symbols: Vec<String>,
    /// EPSS probability of exploitation within 30 days, in millionths.
    pub epss_ppm: Option<u32>,
    /// Whether CISA lists it as known to be exploited.
    pub kev: bool,
    /// The upgrade that clears the package's advisories.
    pub upgrade: Option<Upgrade>,
}

/// What a dependency is used for, from most to least exposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usage {
    /// Shipped.
    Production,
    /// Shipped only on request.
    Optional,
    /// For building and tests.
    Development,
}

impl Usage {
    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Optional => "optional",
            Self::Development => "development",
        }
    }
}

/// Whether the project's own code gets to a flaw in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reachability {
    /// Nobody looked, or nobody can tell.
    Unknown,
    /// Every source file was read and none imports the package.
    NotImported,
    /// These files import the package.
    Imported(Vec<RepoPath>),
    /// An affected symbol is used here.
    Called(Vec<SourceLocation>),
}

impl Reachability {
    /// `Some(true)` when the package or symbol is used, `Some(false)` when it is known not to be.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::NotImported => Some(false),
            Self::Imported(_) | Self::Called(_) => Some(true),
        }
    }

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotImported => "not-imported",
            Self::Imported(_) => "imported",
            Self::Called(_) => "called",
        }
    }
}

/// The smallest upgrade that clears the advisories of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// The package to change: the flawed one or the direct dependency that brings it.
    pub package: String,
    /// Version to go to, where it is known.
    pub version: Option<String>,
    /// Command of the ecosystem's own tool.
    pub command: String,
    /// Whether the declared range already admits it; `None` where the manifest was not at hand.
    pub within_range: Option<bool>,
}
