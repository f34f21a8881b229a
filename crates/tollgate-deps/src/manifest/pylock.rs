//! `pylock.toml` of PEP 751.

use tollgate_core::dependency::Usage;

use super::poetry::name_line;
use super::{Input, by_key, edges, pyproject, report_shape, start, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("lock-version").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no lock-version in it");
    }
    let mut kept = Vec::new();
    for node in root.items_of("packages") {
        let Some(name) = node.text_of("name") else { continue };
        let mut package =
            ResolvedPackage::new(Ecosystem::PyPi, name, node.text_of("version"), name_line(node));
        package.provenance = if node.get("directory").is_some() {
            Provenance::Local
        } else if node.get("vcs").is_some() || node.get("archive").is_some() {
            Provenance::Foreign
        } else {
            Provenance::Registry
        };
        let marker = node.text_of("marker").unwrap_or_default();
        package.usage = if marker.contains("dependency_groups") {
            Usage::Development
        } else if marker.contains("extras") {
            Usage::Optional
        } else {
            Usage::Production
        };
        lockfile.packages.push(package);
        kept.push(node);
    }
    let by_key = by_key(&lockfile.packages);
    for (idx, node) in kept.iter().enumerate() {
        let needed = node.items_of("dependencies").iter().filter_map(|needed| needed.text_of("name"));
        let found = needed.filter_map(|name| by_key.get(&PackageKey::new(Ecosystem::PyPi, name)));
        lockfile.packages[idx].edges = edges(found.flatten().copied());
    }
    let own: Vec<Usage> = lockfile.packages.iter().map(|package| package.usage).collect();
    pyproject::declarations(input).apply(&mut lockfile);
    for (package, usage) in lockfile.packages.iter_mut().zip(own) {
        package.usage = package.usage.max(usage);
    }
    lockfile
}
