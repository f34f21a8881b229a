//! `composer.lock`.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::Node;
use super::json::{self, Dialect};
use super::{Declarations, Input, edges, report_shape, start};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("packages").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no `packages` in it");
    }
    let mut kept = Vec::new();
    for (list, usage) in [("packages", Usage::Production), ("packages-dev", Usage::Development)] {
        for node in root.items_of(list) {
            let Some(name) = node.text_of("name") else { continue };
            let line =
                node.entries().iter().find(|entry| entry.key == "name").map_or(node.line, |entry| entry.line);
            let mut package = ResolvedPackage::new(Ecosystem::Packagist, name, node.text_of("version"), line);
            package.usage = usage;
            package.provenance = provenance(node);
            let licences: Vec<&str> = node.items_of("license").iter().filter_map(Node::text).collect();
            package.licence = match licences.as_slice() {
                [] => node.text_of("license").map(str::to_owned),
                licences => Some(licences.join(" OR ")),
            };
            lockfile.packages.push(package);
            kept.push(node);
        }
    }
    let by_key: HashMap<PackageKey, usize> =
        lockfile.packages.iter().enumerate().map(|(idx, package)| (package.key.clone(), idx)).collect();
    for (idx, node) in kept.iter().enumerate() {
        let needed = node.entries_of("require").iter();
        lockfile.packages[idx].edges = edges(
            needed
                .filter_map(|entry| by_key.get(&PackageKey::new(Ecosystem::Packagist, &entry.key)).copied()),
        );
    }
    mark_direct(&mut lockfile, input);
    lockfile
}

fn provenance(node: &Node<'_>) -> Provenance {
    match node.at(&["dist", "type"]).and_then(Node::text) {
        Some("path") => Provenance::Local,
        _ if node.text_of("version").is_some_and(|version| version.starts_with("dev-")) => {
            Provenance::Foreign
        }
        _ => Provenance::Registry,
    }
}

fn mark_direct(lockfile: &mut Lockfile, input: Input<'_>) {
    let Some(text) = input.sibling("composer.json") else { return };
    let manifest = json::parse(&text, Dialect::Strict);
    let mut declared = Declarations::default();
    for (group, usage) in [("require", Usage::Production), ("require-dev", Usage::Development)] {
        for entry in manifest.root.entries_of(group) {
            declared.add(PackageKey::new(Ecosystem::Packagist, &entry.key), usage, entry.node.text());
        }
    }
    let own: Vec<Usage> = lockfile.packages.iter().map(|package| package.usage).collect();
    declared.apply(lockfile);
    for (package, usage) in lockfile.packages.iter_mut().zip(own) {
        package.usage = usage;
    }
}
