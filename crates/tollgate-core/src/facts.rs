//! What the static scanner learns about a project that is no finding but helps other scanners.

use crate::dependency::Usage;
use crate::dynamic::ParameterPlace;
use crate::language::Language;
use crate::location::SourceLocation;
use crate::path::RepoPath;

/// Everything learned from the sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// HTTP routes, sorted by file and line.
    pub routes: Vec<Route>,
    /// Imports of modules, sorted by file and line.
    pub imports: Vec<Import>,
    /// Packages the project depends on, sorted by lockfile, name and version.
    pub packages: Vec<Package>,
    /// Languages of which every file was read, so that the absence of an import means something.
    pub fully_read: Vec<Language>,
}

/// An HTTP route declared in source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Methods in upper case, sorted; empty where the route takes any.
    pub methods: Vec<String>,
    /// Path with parameters as `{name}` and a catch-all as `{name*}`, for example `/users/{id}`.
    pub template: String,
    /// Inputs the handler is seen to read, path parameters included.
    pub parameters: Vec<RouteParameter>,
    /// The whole handler, first to last line.
    pub handler: SourceLocation,
    /// Name of the handler, where it has one.
    pub handler_name: Option<String>,
    /// Framework that declares it, for example `flask`.
    pub framework: String,
    /// Stretches of functions that the handler calls, directly or not.
    pub reaches: Vec<SourceLocation>,
}

/// An input of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteParameter {
    /// Where it stands in the request.
    pub place: ParameterPlace,
    /// Its name.
    pub name: String,
}

/// A module imported by a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// Language of the file.
    pub language: Language,
    /// The file.
    pub path: RepoPath,
    /// Line of the import, from 1.
    pub line: u32,
    /// Module as written, for example `yaml.loader`, `lodash/merge`, `golang.org/x/text/language`.
    pub module: String,
    /// Symbols of it that the file uses, with the line of each use.
    pub uses: Vec<(String, u32)>,
}

/// A package the project depends on, as one lockfile or manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Line of the lockfile or manifest that names it.
    pub location: SourceLocation,
    /// Ecosystem by its OSV name, for example `crates.io`.
    pub ecosystem: String,
    /// Name as the ecosystem spells it.
    pub name: String,
    /// Version in use; `None` where a manifest pins none.
    pub version: Option<String>,
    /// Package URL.
    pub purl: String,
    /// Whether the project itself asks for it; `None` where the lockfile does not say.
    pub direct: Option<bool>,
    /// What it is used for.
    pub usage: Usage,
    /// SPDX expression or licence text as stated, if stated.
    pub licence: Option<String>,
    /// Package URLs of what it depends on, sorted.
    pub dependencies: Vec<String>,
}
