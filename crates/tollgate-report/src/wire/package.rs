//! Packages and what is known of a flaw in one.

use serde::{Deserialize, Serialize};
use tollgate_core as core;
use tollgate_core::dependency;
use tollgate_core::facts;

use super::{Location, Unreadable};

/// The parts of a package finding that a SARIF result names nowhere by its own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PackageParts {
    pub(crate) dependency_paths: Vec<Vec<String>>,
    pub(crate) usage: String,
    pub(crate) reachability: Reachability,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) import_names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) affected_symbols: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upgrade: Option<Upgrade>,
}

impl From<&dependency::PackageFinding> for PackageParts {
    fn from(package: &dependency::PackageFinding) -> Self {
        Self {
            dependency_paths: package.dependency_paths.clone(),
            usage: package.usage.as_str().to_owned(),
            reachability: Reachability::from(&package.reachability),
            import_names: package.import_names.clone(),
            affected_symbols: package.affected_symbols.clone(),
            upgrade: package.upgrade.as_ref().map(Upgrade::from),
        }
    }
}

impl PackageParts {
    /// A finding with these parts; everything else is still empty.
    pub(crate) fn into_finding(
        self,
        location: core::SourceLocation,
    ) -> Result<dependency::PackageFinding, Unreadable> {
        Ok(dependency::PackageFinding {
            location,
            ecosystem: String::new(),
            package: String::new(),
            version: String::new(),
            purl: String::new(),
            aliases: Vec::new(),
            fixed_versions: Vec::new(),
            dependency_paths: self.dependency_paths,
            usage: usage(&self.usage)?,
            reachability: self.reachability.try_into()?,
            import_names: self.import_names,
            affected_symbols: self.affected_symbols,
            epss_ppm: None,
            kev: false,
            upgrade: self.upgrade.map(Into::into),
        })
    }
}

fn usage(word: &str) -> Result<dependency::Usage, Unreadable> {
    use dependency::Usage::{Development, Optional, Production};
    [Production, Optional, Development]
        .into_iter()
        .find(|usage| usage.as_str() == word)
        .ok_or_else(|| Unreadable::new("usage", word))
}

/// Whether the project's own code gets to the flaw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(crate) enum Reachability {
    Unknown,
    NotImported,
    Imported { files: Vec<String> },
    Called { places: Vec<Location> },
}

impl From<&dependency::Reachability> for Reachability {
    fn from(reachability: &dependency::Reachability) -> Self {
        match reachability {
            dependency::Reachability::Unknown => Self::Unknown,
            dependency::Reachability::NotImported => Self::NotImported,
            dependency::Reachability::Imported(files) => {
                Self::Imported { files: files.iter().map(ToString::to_string).collect() }
            }
            dependency::Reachability::Called(places) => {
                Self::Called { places: places.iter().map(Location::from).collect() }
            }
        }
    }
}

impl TryFrom<Reachability> for dependency::Reachability {
    type Error = Unreadable;

    fn try_from(reachability: Reachability) -> Result<Self, Unreadable> {
        Ok(match reachability {
            Reachability::Unknown => Self::Unknown,
            Reachability::NotImported => Self::NotImported,
            Reachability::Imported { files } => Self::Imported(
                files.iter().map(|file| super::place::repo_path(file)).collect::<Result<_, _>>()?,
            ),
            Reachability::Called { places } => {
                Self::Called(places.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?)
            }
        })
    }
}

/// The upgrade that clears a package's advisories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upgrade {
    pub(crate) package: String,
    pub(crate) version: Option<String>,
    pub(crate) command: String,
    pub(crate) within_range: Option<bool>,
}

impl From<&dependency::Upgrade> for Upgrade {
    fn from(upgrade: &dependency::Upgrade) -> Self {
        Self {
            package: upgrade.package.clone(),
            version: upgrade.version.clone(),
            command: upgrade.command.clone(),
            within_range: upgrade.within_range,
        }
    }
}

impl From<Upgrade> for dependency::Upgrade {
    fn from(upgrade: Upgrade) -> Self {
        Self {
            package: upgrade.package,
            version: upgrade.version,
            command: upgrade.command,
            within_range: upgrade.within_range,
        }
    }
}

/// A package the project depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Package {
    pub(crate) purl: String,
    pub(crate) ecosystem: String,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) direct: Option<bool>,
    pub(crate) usage: String,
    pub(crate) licence: Option<String>,
    pub(crate) dependencies: Vec<String>,
    pub(crate) path: String,
    pub(crate) line: u32,
}

impl From<&facts::Package> for Package {
    fn from(package: &facts::Package) -> Self {
        Self {
            purl: package.purl.clone(),
            ecosystem: package.ecosystem.clone(),
            name: package.name.clone(),
            version: package.version.clone(),
            direct: package.direct,
            usage: package.usage.as_str().to_owned(),
            licence: package.licence.clone(),
            dependencies: package.dependencies.clone(),
            path: package.location.path.to_string(),
            line: package.location.region.start().line,
        }
    }
}

impl TryFrom<Package> for facts::Package {
    type Error = Unreadable;

    fn try_from(package: Package) -> Result<Self, Unreadable> {
        let region = core::Region::line(package.line);
        Ok(Self {
            location: core::SourceLocation::new(super::place::repo_path(&package.path)?, region),
            ecosystem: package.ecosystem,
            name: package.name,
            version: package.version,
            purl: package.purl,
            direct: package.direct,
            usage: usage(&package.usage)?,
            licence: package.licence,
            dependencies: package.dependencies,
        })
    }
}
