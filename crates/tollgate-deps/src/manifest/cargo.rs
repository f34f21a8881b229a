//! `Cargo.lock`, versions 1 to 4. `cargo-lock` decides what a file means; lines come from our own pass,
//! which also rescues the packages of a file that `cargo-lock` refuses.

use std::collections::HashMap;

use cargo_lock::{Lockfile as CargoLock, Package};
use tollgate_core::dependency::Usage;

use super::document::Node;
use super::{Declarations, Input, adopt_faults, edges, report_shape, start, start_from, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

/// `cargo-lock` looks for each dependency among all packages; beyond this size that would take minutes.
const MAX_FOR_CARGO_LOCK: usize = 4 * 1024 * 1024;

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let nodes = document.root.items_of("package");
    if nodes.is_empty() && document.root.get("root").is_none() && document.faults.is_empty() {
        // A workspace without any member has an empty lockfile; anything else is no Cargo.lock.
        if document.root.get("version").is_none() && !input.text.trim().is_empty() {
            report_shape(&mut lockfile, "no [[package]] in it");
        }
        return lockfile;
    }
    let whole = document.faults.is_empty() && input.text.len() <= MAX_FOR_CARGO_LOCK;
    match whole.then(|| input.text.parse::<CargoLock>()) {
        Some(Ok(parsed)) if parsed.packages.len() == nodes.len() => {
            fill(&mut lockfile, &parsed, nodes, document.root.get("root"));
        }
        Some(Err(error)) => {
            let message = error.to_string();
            let message = message.lines().last().unwrap_or_default().trim().to_owned();
            adopt_faults(&mut lockfile, &[super::document::Fault { line: 1, message }]);
            rescue(&mut lockfile, nodes, document.root.get("root"));
        }
        _ => rescue(&mut lockfile, nodes, document.root.get("root")),
    }
    mark_direct(&mut lockfile, input);
    lockfile
}

/// A package by its place and source.
type Candidate = (usize, Option<String>);

fn fill(lockfile: &mut Lockfile, parsed: &CargoLock, nodes: &[Node<'_>], root_node: Option<&Node<'_>>) {
    let root = parsed.root.iter().map(|package| (package, root_node));
    let packages: Vec<(&Package, Option<&Node<'_>>)> =
        parsed.packages.iter().zip(nodes.iter().map(Some)).chain(root).collect();
    let mut index: HashMap<(&str, String), Vec<Candidate>> = HashMap::new();
    for (idx, (package, node)) in packages.iter().enumerate() {
        let name = package.name.as_str();
        let version = package.version.to_string();
        let mut resolved = ResolvedPackage::new(Ecosystem::CratesIo, name, Some(&version), line_of(*node));
        resolved.provenance = match &package.source {
            None => Provenance::Local,
            Some(source) if source.is_default_registry() => Provenance::Registry,
            Some(_) => Provenance::Foreign,
        };
        let source = package.source.as_ref().map(ToString::to_string);
        index.entry((name, version)).or_default().push((idx, source));
        lockfile.packages.push(resolved);
    }
    for (idx, (package, _)) in packages.iter().enumerate() {
        lockfile.packages[idx].edges = edges(package.dependencies.iter().filter_map(|dependency| {
            let found = index.get(&(dependency.name.as_str(), dependency.version.to_string()))?;
            let source = dependency.source.as_ref().map(ToString::to_string);
            let same = found.iter().find(|(_, other)| *other == source);
            same.or_else(|| found.first()).map(|(idx, _)| *idx)
        }));
    }
}

/// Packages of a file that `cargo-lock` refuses: names, versions and sources as they stand.
fn rescue(lockfile: &mut Lockfile, nodes: &[Node<'_>], root: Option<&Node<'_>>) {
    let nodes: Vec<&Node<'_>> = nodes.iter().chain(root).collect();
    let mut kept = Vec::new();
    let mut index: HashMap<&str, Vec<(usize, Option<&str>)>> = HashMap::new();
    for node in nodes {
        let Some(name) = node.text_of("name") else { continue };
        let version = node.text_of("version");
        let mut package = ResolvedPackage::new(Ecosystem::CratesIo, name, version, line_of(Some(node)));
        package.provenance = match node.text_of("source") {
            None => Provenance::Local,
            Some(source) if source.contains("crates.io") => Provenance::Registry,
            Some(_) => Provenance::Foreign,
        };
        index.entry(name).or_default().push((lockfile.packages.len(), version));
        lockfile.packages.push(package);
        kept.push(node);
    }
    for (idx, node) in kept.iter().enumerate() {
        lockfile.packages[idx].edges =
            edges(node.items_of("dependencies").iter().filter_map(Node::text).filter_map(|text| {
                let mut words = text.split(' ');
                let found = index.get(words.next()?)?;
                let version = words.next();
                found
                    .iter()
                    .find(|(_, own)| version.is_none_or(|wanted| Some(wanted) == *own))
                    .map(|(idx, _)| *idx)
            }));
    }
}

fn line_of(node: Option<&Node<'_>>) -> u32 {
    node.map_or(1, |node| {
        node.entries().iter().find(|entry| entry.key == "name").map_or(node.line, |entry| entry.line)
    })
}

/// Dependencies of the project's own packages are direct; their manifests tell what for.
fn mark_direct(lockfile: &mut Lockfile, input: Input<'_>) {
    let mut manifests: HashMap<String, Declarations> = HashMap::new();
    for path in input.near.named_below(&input.folder(), "Cargo.toml", 2_000) {
        if let Some(text) = input.near.text(&path) {
            let document = toml_text::parse(&text);
            let name = document.root.at(&["package", "name"]).and_then(Node::text);
            if let Some(name) = name {
                manifests.entry(name.to_owned()).or_insert_with(|| declarations(&document.root));
            }
        }
    }
    let mut starts = Vec::new();
    let mut requirements = Vec::new();
    for package in &lockfile.packages {
        if package.provenance != Provenance::Local {
            continue;
        }
        let declared = manifests.get(package.name.as_str());
        for &edge in &package.edges {
            let found = declared.and_then(|declared| declared.get(&lockfile.packages[edge].key));
            starts.push((edge, found.map_or(Usage::Production, |found| found.usage)));
            if let Some(requirement) = found.and_then(|found| found.requirement.clone()) {
                requirements.push((edge, requirement));
            }
        }
    }
    // Local packages that only tests use must not lend their production dependencies.
    let local: Vec<bool> =
        lockfile.packages.iter().map(|package| package.provenance == Provenance::Local).collect();
    starts.retain(|(idx, _)| !local[*idx]);
    for (idx, requirement) in requirements {
        lockfile.packages[idx].requirement.get_or_insert(requirement);
    }
    if local.contains(&true) {
        start_from(lockfile, &starts);
    }
}

fn declarations(manifest: &Node<'_>) -> Declarations {
    let mut declared = Declarations::default();
    let targets = manifest.entries_of("target").iter().map(|entry| &entry.node);
    for table in std::iter::once(manifest).chain(targets) {
        let groups = [
            ("dependencies", Usage::Production),
            ("build-dependencies", Usage::Development),
            ("build_dependencies", Usage::Development),
            ("dev-dependencies", Usage::Development),
            ("dev_dependencies", Usage::Development),
        ];
        for (group, usage) in groups {
            for entry in table.entries_of(group) {
                let name = entry.node.text_of("package").unwrap_or(&entry.key);
                let optional = entry.node.flag("optional") && usage == Usage::Production;
                let usage = if optional { Usage::Optional } else { usage };
                let requirement = entry.node.text().or_else(|| entry.node.text_of("version"));
                declared.add(PackageKey::new(Ecosystem::CratesIo, name), usage, requirement);
            }
        }
    }
    declared
}

/// The byte range, without quotes, of the version that a `Cargo.toml` declares for a package; `None`
/// where it is declared more than once.
pub(crate) fn locate_in_cargo_toml(text: &str, name: &str) -> Option<(usize, usize)> {
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut found = Vec::new();
    let root = document.get_ref();
    let workspace = root.get("workspace").and_then(|node| node.get_ref().as_table());
    for table in std::iter::once(root).chain(workspace) {
        for group in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(group) = table.get(group).and_then(|node| node.get_ref().as_table()) else { continue };
            for (key, value) in group {
                let renamed = value.get_ref().get("package").and_then(|node| node.get_ref().as_str());
                if renamed.unwrap_or(key.get_ref()) != name {
                    continue;
                }
                let version =
                    if value.get_ref().is_str() { Some(value) } else { value.get_ref().get("version") };
                found.extend(version.filter(|node| node.get_ref().is_str()).map(toml::Spanned::span));
            }
        }
    }
    let [span] = found.as_slice() else { return None };
    let quoted = text.get(span.clone())?;
    let plain = quoted.len() > 2 && quoted.starts_with(['"', '\'']) && !quoted.starts_with("\"\"\"");
    plain.then(|| (span.start + 1, span.end - 1))
}
