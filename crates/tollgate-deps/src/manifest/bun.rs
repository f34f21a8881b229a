//! `bun.lock`, Bun's lockfile as text.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::json::{self, Dialect};
use super::package_json::{self, GROUPS, split_spec};
use super::{Input, edges, report_shape, start, start_from};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::WithComments);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("lockfileVersion").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no lockfileVersion in it");
    }
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for entry in root.entries_of("packages") {
        let items = entry.node.items();
        let Some((name, reference)) = items.first().and_then(|item| split_spec(item.text()?)) else {
            continue;
        };
        let version = reference.starts_with(|c: char| c.is_ascii_digit()).then_some(reference);
        let mut package = ResolvedPackage::new(Ecosystem::Npm, name, version, entry.line);
        let local = ["workspace:", "link:", "file:", "root:"].iter().any(|kind| reference.starts_with(kind));
        package.provenance = match (local, version) {
            (true, _) => Provenance::Local,
            (false, Some(_)) => Provenance::Registry,
            (false, None) => Provenance::Foreign,
        };
        by_key.insert(&entry.key, lockfile.packages.len());
        lockfile.packages.push(package);
        kept.push((entry.key.as_ref(), items.iter().find(|item| item.is_map())));
    }
    for (idx, (key, details)) in kept.iter().enumerate() {
        let Some(details) = details else { continue };
        let needed = ["dependencies", "optionalDependencies", "peerDependencies"]
            .into_iter()
            .flat_map(|group| details.entries_of(group));
        lockfile.packages[idx].edges = edges(needed.filter_map(|needed| nearest(&by_key, key, &needed.key)));
    }
    let mut starts: Vec<(usize, Usage)> = Vec::new();
    for workspace in root.entries_of("workspaces") {
        let name = workspace.node.text_of("name").unwrap_or_default();
        for (group, usage) in GROUPS {
            for entry in workspace.node.entries_of(group) {
                let Some(idx) = nearest(&by_key, name, &entry.key) else { continue };
                let range = entry.node.text().unwrap_or_default();
                let range = package_json::alias(range).map_or(range, |(_, range)| range);
                lockfile.packages[idx].requirement.get_or_insert_with(|| range.to_owned());
                starts.push((idx, usage));
            }
        }
    }
    starts.retain(|&(idx, _)| lockfile.packages[idx].provenance != Provenance::Local);
    start_from(&mut lockfile, &starts);
    lockfile
}

/// The package that `name` means inside the package at `key`: the one nested deepest on the way.
fn nearest(by_key: &HashMap<&str, usize>, key: &str, name: &str) -> Option<usize> {
    let mut folder = key;
    loop {
        if folder.is_empty() {
            return by_key.get(name).copied();
        }
        if let Some(&idx) = by_key.get(format!("{folder}/{name}").as_str()) {
            return Some(idx);
        }
        folder = folder.rfind('/').map_or("", |at| &folder[..at]);
    }
}
