//! What a lockfile says: packages, their versions and who asks for whom. Readers fill it in, matching
//! and the upgrade advice read it.

use std::fmt;

use tollgate_core::dependency::Usage;
use tollgate_core::{Diagnostic, DiagnosticLevel, RepoPath};

/// A place packages come from, with its own names and its own order of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Rust.
    CratesIo,
    /// JavaScript.
    Npm,
    /// Python.
    PyPi,
    /// Go modules, with `stdlib` and `toolchain`.
    Go,
    /// Java and other JVM languages.
    Maven,
    /// Ruby.
    RubyGems,
    /// PHP.
    Packagist,
    /// .NET.
    NuGet,
    /// Erlang and Elixir.
    Hex,
    /// Dart.
    Pub,
    /// Swift packages, named by repository URL.
    SwiftUrl,
    /// C and C++ through Conan.
    ConanCenter,
    /// Workflow actions.
    GitHubActions,
}

impl Ecosystem {
    /// Every ecosystem.
    pub const ALL: [Self; 13] = [
        Self::CratesIo,
        Self::Npm,
        Self::PyPi,
        Self::Go,
        Self::Maven,
        Self::RubyGems,
        Self::Packagist,
        Self::NuGet,
        Self::Hex,
        Self::Pub,
        Self::SwiftUrl,
        Self::ConanCenter,
        Self::GitHubActions,
    ];

    /// The name in the OSV schema.
    #[must_use]
    pub const fn osv_name(self) -> &'static str {
        match self {
            Self::CratesIo => "crates.io",
            Self::Npm => "npm",
            Self::PyPi => "PyPI",
            Self::Go => "Go",
            Self::Maven => "Maven",
            Self::RubyGems => "RubyGems",
            Self::Packagist => "Packagist",
            Self::NuGet => "NuGet",
            Self::Hex => "Hex",
            Self::Pub => "Pub",
            Self::SwiftUrl => "SwiftURL",
            Self::ConanCenter => "ConanCenter",
            Self::GitHubActions => "GitHub Actions",
        }
    }

    /// The type of its package URLs.
    #[must_use]
    pub const fn purl_type(self) -> &'static str {
        match self {
            Self::CratesIo => "cargo",
            Self::Npm => "npm",
            Self::PyPi => "pypi",
            Self::Go => "golang",
            Self::Maven => "maven",
            Self::RubyGems => "gem",
            Self::Packagist => "composer",
            Self::NuGet => "nuget",
            Self::Hex => "hex",
            Self::Pub => "pub",
            Self::SwiftUrl => "swift",
            Self::ConanCenter => "conan",
            Self::GitHubActions => "githubactions",
        }
    }

    /// Reads an OSV ecosystem with its suffix, if any: `Maven:https://repo.example.org` is Maven with
    /// the suffix `https://repo.example.org`. `None` for an ecosystem no reader produces.
    #[must_use]
    pub fn parse_osv(text: &str) -> Option<(Self, Option<&str>)> {
        let (name, suffix) = match text.split_once(':') {
            Some((name, suffix)) => (name, Some(suffix).filter(|suffix| !suffix.is_empty())),
            None => (text, None),
        };
        Self::ALL.into_iter().find(|ecosystem| ecosystem.osv_name() == name).map(|found| (found, suffix))
    }

    /// The spelling under which names that mean the same package are equal.
    #[must_use]
    pub fn normalise_name(self, name: &str) -> String {
        match self {
            Self::PyPi => pep503(name),
            Self::NuGet | Self::Packagist | Self::ConanCenter | Self::GitHubActions => name.to_lowercase(),
            Self::SwiftUrl => repository_name(name),
            Self::CratesIo | Self::Npm | Self::Go | Self::Maven | Self::RubyGems | Self::Hex | Self::Pub => {
                name.to_owned()
            }
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.osv_name())
    }
}

/// PEP 503: runs of `-`, `_` and `.` are one `-`, letters are lower case.
fn pep503(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut separator = false;
    for c in name.trim().chars() {
        if matches!(c, '-' | '_' | '.') {
            separator = true;
            continue;
        }
        if separator {
            normal.push('-');
            separator = false;
        }
        normal.extend(c.to_lowercase());
    }
    normal
}

/// `https://github.com/Apple/Swift-NIO.git` and `git@github.com:apple/swift-nio` are
/// `github.com/apple/swift-nio`.
fn repository_name(url: &str) -> String {
    let lower = url.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let rest = match (rest.find('@'), rest.find('/')) {
        (Some(at), slash) if slash.is_none_or(|slash| at < slash) => &rest[at + 1..],
        _ => rest,
    };
    let rest = rest.trim_end_matches('/');
    let rest = rest.strip_suffix(".git").unwrap_or(rest);
    match rest.split_once(':') {
        Some((host, path)) if !host.contains('/') && !path.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{host}/{}", path.trim_start_matches('/'))
        }
        _ => rest.to_owned(),
    }
}

/// A package of an ecosystem, its name normalised, so that equal keys mean the same package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageKey {
    ecosystem: Ecosystem,
    name: Box<str>,
}

impl PackageKey {
    /// The package of that name in any of its spellings.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        Self { ecosystem, name: ecosystem.normalise_name(name).into() }
    }

    /// Where it comes from.
    #[must_use]
    pub const fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// The normalised name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.ecosystem, self.name)
    }
}

/// Where the bytes of a package come from, as far as advisories care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Provenance {
    /// The ecosystem's registry or a mirror of it: its advisories apply.
    #[default]
    Registry,
    /// Another registry, a repository or an archive: the advisories are likely to apply.
    Foreign,
    /// The project itself or a part of it: no dependency.
    Local,
}

/// A package as a lockfile or manifest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPackage {
    /// Identity.
    pub key: PackageKey,
    /// Name as written.
    pub name: String,
    /// Version in use; `None` where a manifest pins none.
    pub version: Option<String>,
    /// Line that names it, from 1.
    pub line: u32,
    /// What it is used for.
    pub usage: Usage,
    /// Whether the project itself asks for it; `None` where nothing says so.
    pub direct: Option<bool>,
    /// Range the project's manifest declares, for direct dependencies whose manifest is at hand.
    pub requirement: Option<String>,
    /// SPDX expression or licence text, where stated.
    pub licence: Option<String>,
    /// Where its bytes come from.
    pub provenance: Provenance,
    /// What it depends on, as indices into [`Lockfile::packages`], sorted.
    pub edges: Vec<usize>,
}

impl ResolvedPackage {
    /// A production dependency from the registry of which no more is known.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: &str, version: Option<&str>, line: u32) -> Self {
        Self {
            key: PackageKey::new(ecosystem, name),
            name: name.to_owned(),
            version: version.filter(|version| !version.is_empty()).map(str::to_owned),
            line: line.max(1),
            usage: Usage::Production,
            direct: None,
            requirement: None,
            licence: None,
            provenance: Provenance::Registry,
            edges: Vec::new(),
        }
    }

    /// `name@version`, as dependency paths show it.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{}@{version}", self.name),
            None => self.name.clone(),
        }
    }

    /// The package URL, or a plain `pkg:type/name@version` where the name breaks the grammar.
    #[must_use]
    pub fn purl(&self) -> String {
        crate::purl::package_url(&self.key, &self.name, self.version.as_deref())
    }
}

/// One lockfile or manifest, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lockfile {
    /// The file.
    pub path: RepoPath,
    /// What it names, in the order of the file.
    pub packages: Vec<ResolvedPackage>,
    /// What could not be read or is worth knowing.
    pub diagnostics: Vec<Diagnostic>,
    /// Further files of the same format that it includes.
    pub includes: Vec<RepoPath>,
}

impl Lockfile {
    /// A file in which nothing was found yet.
    #[must_use]
    pub const fn new(path: RepoPath) -> Self {
        Self { path, packages: Vec::new(), diagnostics: Vec::new(), includes: Vec::new() }
    }

    /// Adds a message about this file.
    pub fn report(&mut self, level: DiagnosticLevel, message: impl Into<String>, line: Option<u32>) {
        self.diagnostics.push(Diagnostic::new(level, message).at(self.path.clone(), line));
    }

    /// Paths from direct dependencies to `target`, each as `name@version` parts, shortest first, then by
    /// text; at most `limit`. A direct dependency is a path of one part. Where nothing says what is
    /// direct, packages nobody depends on count as direct.
    #[must_use]
    pub fn dependency_paths(&self, parents: &Parents, target: usize, limit: usize) -> Vec<Vec<String>> {
        // Partial paths grow backwards from the target, each step pointing at the one before it. The
        // bounds keep hostile graphs cheap: each package lies on at most `limit` partial paths.
        let mut uses = vec![0_usize; self.packages.len()];
        let mut steps: Vec<Step> = vec![Step { package: target, towards: None, length: 1 }];
        let mut found: Vec<Vec<usize>> = Vec::new();
        let mut next = 0;
        while let Some(&step) = steps.get(next) {
            uses[step.package] += 1;
            if uses[step.package] <= limit {
                let path = path_from(&steps, next);
                if step.length < MAX_PATH_LENGTH {
                    for &parent in &parents.of[step.package] {
                        if steps.len() < MAX_STEPS && uses[parent] < limit && !path.contains(&parent) {
                            let length = step.length + 1;
                            steps.push(Step { package: parent, towards: Some(next), length });
                        }
                    }
                }
                if parents.starts[step.package] {
                    found.push(path);
                    if found.len() >= limit {
                        break;
                    }
                }
            }
            next += 1;
        }
        let mut paths: Vec<Vec<String>> = found
            .into_iter()
            .map(|path| path.iter().map(|&idx| self.packages[idx].label()).collect())
            .collect();
        paths.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        paths.dedup();
        paths
    }

    /// The reverse of the edges.
    #[must_use]
    pub fn parents(&self) -> Parents {
        let mut of = vec![Vec::new(); self.packages.len()];
        for (idx, package) in self.packages.iter().enumerate() {
            // The project itself is no step of a path.
            if package.provenance == Provenance::Local {
                continue;
            }
            for &edge in &package.edges {
                if let Some(list) = of.get_mut(edge) {
                    list.push(idx);
                }
            }
        }
        let starts = self
            .packages
            .iter()
            .zip(&of)
            .map(|(package, parents)| package.direct.unwrap_or(parents.is_empty()))
            .collect();
        Parents { of, starts }
    }
}

/// Longest path that is listed.
const MAX_PATH_LENGTH: usize = 64;
/// How many steps are taken to find the paths to one package.
const MAX_STEPS: usize = 100_000;

/// A package on a partial path, and the step from it towards the target.
#[derive(Debug, Clone, Copy)]
struct Step {
    package: usize,
    towards: Option<usize>,
    length: usize,
}

/// The packages from a step to the target.
fn path_from(steps: &[Step], start: usize) -> Vec<usize> {
    let mut path = Vec::with_capacity(steps[start].length);
    let mut at = Some(start);
    while let Some(idx) = at {
        path.push(steps[idx].package);
        at = steps[idx].towards;
    }
    path
}

/// Who depends on each package of a lockfile, and where paths start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parents {
    of: Vec<Vec<usize>>,
    starts: Vec<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised() {
        let check = |ecosystem, name: &str, expected: &str| {
            assert_eq!(PackageKey::new(ecosystem, name).name(), expected, "{name}");
        };
        check(Ecosystem::PyPi, "Zope.Interface", "zope-interface");
        check(Ecosystem::PyPi, "a-_.b", "a-b");
        check(Ecosystem::NuGet, "Newtonsoft.Json", "newtonsoft.json");
        check(Ecosystem::Packagist, "Symfony/HTTP-Kernel", "symfony/http-kernel");
        check(Ecosystem::CratesIo, "Inflector", "Inflector");
        check(Ecosystem::SwiftUrl, "https://github.com/Apple/Swift-NIO.git", "github.com/apple/swift-nio");
        check(Ecosystem::SwiftUrl, "git@github.com:apple/swift-nio.git", "github.com/apple/swift-nio");
        check(Ecosystem::SwiftUrl, "ssh://git@github.com/apple/swift-nio/", "github.com/apple/swift-nio");
        check(Ecosystem::SwiftUrl, "https://user@host:8443/a/b", "host:8443/a/b");
        check(Ecosystem::SwiftUrl, "github.com/apple/swift-nio", "github.com/apple/swift-nio");
    }

    #[test]
    fn ecosystems_may_have_a_suffix() {
        assert_eq!(Ecosystem::parse_osv("Maven:x:y"), Some((Ecosystem::Maven, Some("x:y"))));
        assert_eq!(Ecosystem::parse_osv("crates.io"), Some((Ecosystem::CratesIo, None)));
        assert_eq!(Ecosystem::parse_osv("Debian:12"), None);
    }

    fn graph(edges: &[&[usize]], direct: &[usize]) -> Lockfile {
        let mut lockfile = Lockfile::new(RepoPath::new("x.lock").unwrap());
        for (idx, edges) in edges.iter().enumerate() {
            let mut package = ResolvedPackage::new(Ecosystem::Npm, &format!("p{idx}"), Some("1"), 1);
            package.edges = edges.to_vec();
            package.direct = Some(direct.contains(&idx));
            lockfile.packages.push(package);
        }
        lockfile
    }

    #[test]
    fn paths_are_shortest_first_and_survive_cycles() {
        let lockfile = graph(&[&[1], &[2], &[0, 3], &[]], &[0, 2]);
        let paths = lockfile.dependency_paths(&lockfile.parents(), 3, 8);
        assert_eq!(paths, [vec!["p2@1", "p3@1"], vec!["p0@1", "p1@1", "p2@1", "p3@1"]]);
    }

    #[test]
    fn long_chains_stay_cheap() {
        let edges: Vec<Vec<usize>> = (0..100_000).map(|idx| vec![(idx + 1) % 100_000]).collect();
        let edges: Vec<&[usize]> = edges.iter().map(Vec::as_slice).collect();
        let lockfile = graph(&edges, &[99_990]);
        assert_eq!(lockfile.dependency_paths(&lockfile.parents(), 5, 8)[0].len(), 16);
    }

    #[test]
    fn dense_graphs_stay_cheap() {
        let edges: Vec<Vec<usize>> = (0..200).map(|idx| (0..200).filter(|&to| to != idx).collect()).collect();
        let edges: Vec<&[usize]> = edges.iter().map(Vec::as_slice).collect();
        let lockfile = graph(&edges, &[0]);
        assert!(lockfile.dependency_paths(&lockfile.parents(), 199, 8).len() <= 8);
    }
}
