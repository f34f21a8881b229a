//! `poetry.lock`, all versions.

use tollgate_core::dependency::Usage;

use super::document::Node;
use super::{Input, by_key, edges, pyproject, report_cut, report_shape, start, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("package").is_none() && root.get("metadata").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no [[package]] in it");
    }
    if root.get("package").is_some() && root.get("metadata").is_none() && document.faults.is_empty() {
        report_cut(&mut lockfile, input, "no [metadata] at its end");
    }
    let nodes = root.items_of("package");
    let mut stated = false;
    let mut kept: Vec<&Node<'_>> = Vec::new();
    for node in nodes {
        let Some(name) = node.text_of("name") else { continue };
        let mut package =
            ResolvedPackage::new(Ecosystem::PyPi, name, node.text_of("version"), name_line(node));
        package.provenance = match node.get("source").and_then(|source| source.text_of("type")) {
            Some("directory" | "file") => Provenance::Local,
            Some("git" | "url") => Provenance::Foreign,
            _ => Provenance::Registry,
        };
        let groups: Vec<&str> = node.items_of("groups").iter().filter_map(Node::text).collect();
        let category = node.text_of("category");
        stated |= !groups.is_empty() || category.is_some();
        package.usage = match (category, groups.as_slice()) {
            (Some("dev"), _) => Usage::Development,
            (_, groups) if !groups.is_empty() && !groups.contains(&"main") => Usage::Development,
            _ if node.flag("optional") => Usage::Optional,
            _ => Usage::Production,
        };
        lockfile.packages.push(package);
        kept.push(node);
    }
    let by_key = by_key(&lockfile.packages);
    for (idx, node) in kept.iter().enumerate() {
        lockfile.packages[idx].edges = edges(
            node.entries_of("dependencies")
                .iter()
                .filter_map(|entry| by_key.get(&PackageKey::new(Ecosystem::PyPi, &entry.key)))
                .flatten()
                .copied(),
        );
    }
    let own: Vec<Usage> = lockfile.packages.iter().map(|package| package.usage).collect();
    pyproject::declarations(input).apply(&mut lockfile);
    if stated {
        // What the lockfile itself says is Poetry's own answer.
        for (package, usage) in lockfile.packages.iter_mut().zip(own) {
            package.usage = usage;
        }
    }
    lockfile
}

/// The line of a table's `name`.
pub(super) fn name_line(node: &Node<'_>) -> u32 {
    node.entries().iter().find(|entry| entry.key == "name").map_or(node.line, |entry| entry.line)
}
