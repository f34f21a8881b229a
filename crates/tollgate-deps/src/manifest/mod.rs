//! Readers of lockfiles and manifests, one file for each family of formats. A reader takes text and
//! returns packages; what it could not read it says, and what stands before a fault it keeps.

mod bun;
mod cargo;
mod composer;
mod conan;
mod document;
mod gemfile;
mod golang;
mod gradle;
mod json;
mod maven;
mod mix;
mod npm;
mod nuget;
mod package_json;
mod pdm;
mod pep508;
mod pipfile;
mod pnpm;
mod poetry;
mod pubspec;
mod pylock;
mod pyproject;
mod requirements;
mod sbom;
mod swift;
mod text;
mod toml_text;
mod uv;
mod workflow;
mod xml;
mod yaml;
mod yarn;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use tollgate_core::dependency::Usage;
use tollgate_core::{DiagnosticLevel, RepoPath};

use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};
use document::{Document, Fault};

pub(crate) use cargo::locate_in_cargo_toml;
pub(crate) use package_json::locate_in_package_json;
pub(crate) use requirements::locate_pin;
pub(crate) use text::decode;

/// Largest file that is read, in bytes.
pub(crate) const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// A format of lockfile, manifest or bill of materials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `bun.lock`.
    Bun,
    /// `Cargo.lock`.
    Cargo,
    /// `composer.lock`.
    Composer,
    /// `conan.lock`.
    Conan,
    /// CycloneDX JSON.
    CycloneDx,
    /// `Gemfile.lock`, `gems.locked`.
    Gemfile,
    /// `go.mod`, with the `go.sum` beside it.
    GoMod,
    /// `libs.versions.toml`.
    GradleCatalog,
    /// `gradle.lockfile`, `buildscript-gradle.lockfile`.
    GradleLock,
    /// `pom.xml`.
    Maven,
    /// `mix.lock`.
    Mix,
    /// `package-lock.json`, `npm-shrinkwrap.json`.
    Npm,
    /// `packages.lock.json`.
    NuGetLock,
    /// `packages.config`.
    NuGetPackagesConfig,
    /// `*.csproj`, `*.fsproj`, `*.vbproj`.
    NuGetProject,
    /// `pdm.lock`.
    Pdm,
    /// `Pipfile.lock`.
    Pipfile,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `poetry.lock`.
    Poetry,
    /// `pubspec.lock`.
    Pubspec,
    /// `pylock.toml`.
    Pylock,
    /// `requirements.txt` and its kin.
    Requirements,
    /// SPDX JSON.
    Spdx,
    /// `Package.resolved`.
    Swift,
    /// `uv.lock`.
    Uv,
    /// GitHub workflows and composite actions.
    Workflow,
    /// `yarn.lock`, classic and berry.
    Yarn,
}

impl Format {
    /// Every format, sorted.
    pub const ALL: [Self; 27] = [
        Self::Bun,
        Self::Cargo,
        Self::Composer,
        Self::Conan,
        Self::CycloneDx,
        Self::Gemfile,
        Self::GoMod,
        Self::GradleCatalog,
        Self::GradleLock,
        Self::Maven,
        Self::Mix,
        Self::Npm,
        Self::NuGetLock,
        Self::NuGetPackagesConfig,
        Self::NuGetProject,
        Self::Pdm,
        Self::Pipfile,
        Self::Pnpm,
        Self::Poetry,
        Self::Pubspec,
        Self::Pylock,
        Self::Requirements,
        Self::Spdx,
        Self::Swift,
        Self::Uv,
        Self::Workflow,
        Self::Yarn,
    ];

    /// The format that a path suggests, if any. Files inside installed packages have none: what they
    /// lock is not what the project uses.
    #[must_use]
    pub fn of(path: &RepoPath) -> Option<Self> {
        let installed = |part: &str| matches!(part, "node_modules" | "site-packages" | "bower_components");
        if path.as_str().split('/').any(installed) {
            return None;
        }
        let name = path.file_name();
        let named = match name {
            "bun.lock" => Self::Bun,
            "Cargo.lock" => Self::Cargo,
            "composer.lock" => Self::Composer,
            "conan.lock" => Self::Conan,
            "Gemfile.lock" | "gems.locked" => Self::Gemfile,
            "go.mod" => Self::GoMod,
            "gradle.lockfile" | "buildscript-gradle.lockfile" => Self::GradleLock,
            "pom.xml" => Self::Maven,
            "mix.lock" => Self::Mix,
            "package-lock.json" | "npm-shrinkwrap.json" => Self::Npm,
            "packages.lock.json" => Self::NuGetLock,
            "packages.config" => Self::NuGetPackagesConfig,
            "pdm.lock" => Self::Pdm,
            "Pipfile.lock" => Self::Pipfile,
            "pnpm-lock.yaml" => Self::Pnpm,
            "poetry.lock" => Self::Poetry,
            "pubspec.lock" => Self::Pubspec,
            "pylock.toml" => Self::Pylock,
            "Package.resolved" => Self::Swift,
            "uv.lock" => Self::Uv,
            "yarn.lock" => Self::Yarn,
            "action.yml" | "action.yaml" => Self::Workflow,
            "bom.json" | "sbom.json" => Self::CycloneDx,
            _ => return Self::of_pattern(path, name),
        };
        Some(named)
    }

    fn of_pattern(path: &RepoPath, name: &str) -> Option<Self> {
        let folder = path.parent();
        let folder = folder.as_str();
        let ends = |ending: &str| name.ends_with(ending);
        if ends(".versions.toml") {
            return Some(Self::GradleCatalog);
        }
        if ends(".gemfile.lock") {
            return Some(Self::Gemfile);
        }
        if ends(".lockfile") && folder.ends_with("dependency-locks") {
            return Some(Self::GradleLock);
        }
        if ends(".csproj") || ends(".fsproj") || ends(".vbproj") {
            return Some(Self::NuGetProject);
        }
        if name.starts_with("pylock.") && ends(".toml") {
            return Some(Self::Pylock);
        }
        if ends(".cdx.json") || ends(".cyclonedx.json") || ends(".bom.json") {
            return Some(Self::CycloneDx);
        }
        if ends(".spdx.json") {
            return Some(Self::Spdx);
        }
        if ends(".txt") {
            let lower = name.to_ascii_lowercase();
            let in_folder = folder.rsplit('/').next().is_some_and(|last| last == "requirements");
            return (lower.contains("requirements") || in_folder).then_some(Self::Requirements);
        }
        let workflow = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
        (workflow && (ends(".yml") || ends(".yaml"))).then_some(Self::Workflow)
    }

    /// Whether another file beside it says the same more precisely, so that this one is only consulted.
    #[must_use]
    pub(crate) fn is_superseded(self, path: &RepoPath, neighbours: &Neighbours<'_>) -> bool {
        let folder = path.parent();
        match self {
            Self::NuGetProject => {
                neighbours.has(&beside(&folder, "packages.lock.json"))
                    || neighbours.has(&beside(&folder, "packages.config"))
            }
            Self::Npm => {
                path.file_name() == "package-lock.json"
                    && neighbours.has(&beside(&folder, "npm-shrinkwrap.json"))
            }
            Self::GradleCatalog => neighbours
                .paths
                .iter()
                .any(|other| other.file_name() == "gradle.lockfile" && governs(path, other)),
            _ => false,
        }
    }
}

/// Whether a version catalog serves the build that `lockfile` belongs to.
fn governs(catalog: &RepoPath, lockfile: &RepoPath) -> bool {
    let folder = catalog.parent();
    let build = if folder.file_name() == "gradle" { folder.parent() } else { folder };
    below(&build, lockfile)
}

/// Whether `path` lies in `folder` or deeper.
pub(super) fn below(folder: &RepoPath, path: &RepoPath) -> bool {
    folder.as_str().is_empty()
        || path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
}

/// The file of that name in a folder. `name` has no `..` in it.
pub(super) fn beside(folder: &RepoPath, name: &str) -> RepoPath {
    folder.join(name).unwrap_or_else(|_| folder.clone())
}

/// The other files of the scanned tree, for manifests beside lockfiles and for included files.
#[derive(Clone, Copy)]
pub(crate) struct Neighbours<'a> {
    /// Files of the tree, sorted.
    pub(crate) paths: &'a [RepoPath],
    /// Text of one of them; `None` where it cannot be read.
    pub(crate) read: &'a dyn Fn(&RepoPath) -> Option<Arc<str>>,
    /// What readers learned of the whole tree.
    pub(crate) memo: &'a Memo,
}

/// What readers learn of the whole tree and need more than once.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    poms: OnceLock<maven::Poms>,
}

impl Neighbours<'_> {
    /// Whether the tree has the file.
    pub(super) fn has(&self, path: &RepoPath) -> bool {
        self.paths.binary_search(path).is_ok()
    }

    /// Text of a file of the tree.
    pub(super) fn text(&self, path: &RepoPath) -> Option<Arc<str>> {
        if self.has(path) { (self.read)(path) } else { None }
    }

    /// Files of that name in a folder and below, at most `limit`.
    pub(super) fn named_below(&self, folder: &RepoPath, name: &str, limit: usize) -> Vec<RepoPath> {
        let prefix = if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.paths.partition_point(|path| path.as_str() < prefix.as_str());
        self.paths[start..]
            .iter()
            .take_while(|path| path.as_str().starts_with(&prefix))
            .filter(|path| path.file_name() == name)
            .filter(|path| !path.as_str().split('/').any(|part| part == "node_modules"))
            .take(limit)
            .cloned()
            .collect()
    }
}

/// What a reader is given.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) path: &'a RepoPath,
    pub(super) text: &'a str,
    pub(super) near: &'a Neighbours<'a>,
}

impl Input<'_> {
    /// The folder of the file.
    pub(super) fn folder(&self) -> RepoPath {
        self.path.parent()
    }

    /// Text of a file in the same folder.
    pub(super) fn sibling(&self, name: &str) -> Option<Arc<str>> {
        self.near.text(&beside(&self.folder(), name))
    }
}

/// Reads a file. Never fails: what could not be read is a diagnostic of the result.
pub(crate) fn read(format: Format, path: &RepoPath, bytes: &[u8], near: &Neighbours<'_>) -> Lockfile {
    let decoded = decode(bytes);
    let mut result: Option<Lockfile> = None;
    for text in &decoded.readings {
        let lockfile = read_text(format, Input { path, text, near });
        match &mut result {
            None => result = Some(lockfile),
            Some(first) => merge(first, lockfile),
        }
    }
    let mut lockfile = result.unwrap_or_else(|| Lockfile::new(path.clone()));
    for remark in &decoded.remarks {
        lockfile.report(DiagnosticLevel::Note, format!("{path} {}", remark.message), Some(remark.line));
    }
    adopt_faults(&mut lockfile, &decoded.faults);
    report_versionless(format, &mut lockfile);
    refuse_control_characters(&mut lockfile);
    lockfile
}

/// No package manager writes control characters in a name or version, and no report could show them.
fn refuse_control_characters(lockfile: &mut Lockfile) {
    let unclean = |text: &str| text.chars().any(char::is_control);
    let mut faults = Vec::new();
    for package in &mut lockfile.packages {
        if unclean(&package.name) || package.version.as_deref().is_some_and(unclean) {
            faults
                .push(Fault { line: package.line, message: "a package with control characters".to_owned() });
            package.provenance = Provenance::Local;
        }
    }
    adopt_faults(lockfile, &faults);
}

fn read_text(format: Format, input: Input<'_>) -> Lockfile {
    match format {
        Format::Bun => bun::read(input),
        Format::Cargo => cargo::read(input),
        Format::Composer => composer::read(input),
        Format::Conan => conan::read(input),
        Format::CycloneDx | Format::Spdx => sbom::read(input),
        Format::Gemfile => gemfile::read(input),
        Format::GoMod => golang::read(input),
        Format::GradleCatalog => gradle::read_catalog(input),
        Format::GradleLock => gradle::read_lock(input),
        Format::Maven => maven::read(input),
        Format::Mix => mix::read(input),
        Format::Npm => npm::read(input),
        Format::NuGetLock => nuget::read_lock(input),
        Format::NuGetPackagesConfig => nuget::read_packages_config(input),
        Format::NuGetProject => nuget::read_project(input),
        Format::Pdm => pdm::read(input),
        Format::Pipfile => pipfile::read(input),
        Format::Pnpm => pnpm::read(input),
        Format::Poetry => poetry::read(input),
        Format::Pubspec => pubspec::read(input),
        Format::Pylock => pylock::read(input),
        Format::Requirements => requirements::read(input),
        Format::Swift => swift::read(input),
        Format::Uv => uv::read(input),
        Format::Workflow => workflow::read(input),
        Format::Yarn => yarn::read(input),
    }
}

/// Adds what only the other side of a merge conflict has.
fn merge(first: &mut Lockfile, other: Lockfile) {
    let offset = first.packages.len();
    first.packages.extend(other.packages.into_iter().map(|mut package| {
        package.edges.iter_mut().for_each(|edge| *edge += offset);
        package
    }));
    for diagnostic in other.diagnostics {
        if !first.diagnostics.contains(&diagnostic) {
            first.diagnostics.push(diagnostic);
        }
    }
    for include in other.includes {
        if !first.includes.contains(&include) {
            first.includes.push(include);
        }
    }
}

/// Makes faults of a text errors of the lockfile.
fn adopt_faults(lockfile: &mut Lockfile, faults: &[Fault]) {
    const SHOWN: usize = 10;
    for fault in faults.iter().take(SHOWN) {
        let message = format!("could not read all of {}: {}", lockfile.path, fault.message);
        lockfile.report(DiagnosticLevel::Error, message, Some(fault.line));
    }
    if faults.len() > SHOWN {
        let message =
            format!("could not read all of {}: {} more faults", lockfile.path, faults.len() - SHOWN);
        lockfile.report(DiagnosticLevel::Error, message, None);
    }
}

/// A lockfile to fill in, and an error when the text holds nothing of the shape the reader knows.
fn start(input: Input<'_>, document: &Document<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    adopt_faults(&mut lockfile, &document.faults);
    lockfile
}

/// Says that the file is not of the format its name promises.
pub(super) fn report_shape(lockfile: &mut Lockfile, expected: &str) {
    let message = format!("could not read {}: {expected}", lockfile.path);
    lockfile.report(DiagnosticLevel::Error, message, Some(1));
}

/// Says that the file breaks off.
pub(super) fn report_cut(lockfile: &mut Lockfile, input: Input<'_>, why: &str) {
    let last = u32::try_from(input.text.lines().count()).unwrap_or(u32::MAX).max(1);
    let message = format!("could not read all of {}: {why}, the file is truncated", input.path);
    lockfile.report(DiagnosticLevel::Error, message, Some(last));
}

/// Says that the file breaks off where one package needs another that it does not hold. A tool may leave
/// out what another version stands for, so only names that are missing altogether count.
fn report_missing<'a>(
    lockfile: &mut Lockfile,
    input: Input<'_>,
    ecosystem: Ecosystem,
    needed: impl Iterator<Item = (&'a str, &'a str)>,
) {
    let held: HashSet<&PackageKey> = lockfile.packages.iter().map(|package| &package.key).collect();
    let missing = needed.into_iter().find(|(_, name)| !held.contains(&PackageKey::new(ecosystem, name)));
    if let Some((from, name)) = missing {
        report_cut(lockfile, input, &format!("`{from}` needs `{name}`, which it does not hold"));
    }
}

/// Packages of a lockfile that state no version: the file was cut or edited by hand.
fn report_versionless(format: Format, lockfile: &mut Lockfile) {
    let always = matches!(
        format,
        Format::Cargo
            | Format::Composer
            | Format::Gemfile
            | Format::Mix
            | Format::NuGetLock
            | Format::Pdm
            | Format::Poetry
            | Format::Pubspec
            | Format::Uv
            | Format::Yarn
    );
    let without: Vec<Fault> = lockfile
        .packages
        .iter()
        .filter(|package| always && package.version.is_none() && package.provenance == Provenance::Registry)
        .map(|package| Fault { line: package.line, message: format!("`{}` has no version", package.name) })
        .collect();
    adopt_faults(lockfile, &without);
}

/// Where the packages of each name stand: several versions of one may be installed.
pub(super) fn by_key(packages: &[ResolvedPackage]) -> HashMap<PackageKey, Vec<usize>> {
    let mut places: HashMap<PackageKey, Vec<usize>> = HashMap::new();
    for (idx, package) in packages.iter().enumerate() {
        places.entry(package.key.clone()).or_default().push(idx);
    }
    places
}

/// Takes `starts` for all that the project itself depends on: the others are brought by them.
pub(super) fn start_from(lockfile: &mut Lockfile, starts: &[(usize, Usage)]) {
    for package in &mut lockfile.packages {
        package.direct = Some(false);
    }
    for &(idx, _) in starts {
        lockfile.packages[idx].direct = Some(true);
    }
    spread_usage(lockfile, starts);
}

/// Gives each package the most exposed usage among the dependencies that bring it. Packages that none
/// of them brings keep what they have.
pub(super) fn spread_usage(lockfile: &mut Lockfile, starts: &[(usize, Usage)]) {
    let mut seen = vec![false; lockfile.packages.len()];
    for usage in [Usage::Production, Usage::Optional, Usage::Development] {
        let mut stack: Vec<usize> =
            starts.iter().filter(|(_, own)| *own == usage).map(|&(idx, _)| idx).collect();
        while let Some(idx) = stack.pop() {
            let Some(known) = seen.get_mut(idx) else { continue };
            if std::mem::replace(known, true) {
                continue;
            }
            if let Some(package) = lockfile.packages.get_mut(idx) {
                package.usage = usage;
                stack.extend(package.edges.iter().copied());
            }
        }
    }
}

/// A dependency that a manifest declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) usage: Usage,
    pub(super) requirement: Option<String>,
}

/// What the manifests beside a lockfile declare, by normalised name. Of two declarations the more
/// exposed one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Declarations {
    by_key: BTreeMap<PackageKey, Declared>,
}

impl Declarations {
    pub(super) fn add(&mut self, key: PackageKey, usage: Usage, requirement: Option<&str>) {
        let declared = Declared { usage, requirement: requirement.map(str::to_owned) };
        match self.by_key.get_mut(&key) {
            Some(known) if known.usage <= usage => {}
            Some(known) => *known = declared,
            None => {
                self.by_key.insert(key, declared);
            }
        }
    }

    pub(super) fn get(&self, key: &PackageKey) -> Option<&Declared> {
        self.by_key.get(key)
    }

    /// Everything declared, sorted.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&PackageKey, &Declared)> {
        self.by_key.iter()
    }

    /// Marks direct dependencies, spreads their usage along the edges and notes declared ranges. Does
    /// nothing where no manifest was found.
    pub(super) fn apply(&self, lockfile: &mut Lockfile) {
        if self.by_key.is_empty() {
            return;
        }
        let mut starts = Vec::new();
        for (idx, package) in lockfile.packages.iter_mut().enumerate() {
            if package.provenance == Provenance::Local {
                continue;
            }
            let declared = self.by_key.get(&package.key);
            package.direct = Some(declared.is_some());
            if let Some(declared) = declared {
                package.requirement.clone_from(&declared.requirement);
                starts.push((idx, declared.usage));
            }
        }
        spread_usage(lockfile, &starts);
    }
}

/// Sorted indices without repeats.
pub(super) fn edges(found: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut edges: Vec<usize> = found.into_iter().collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests;
