//! `uv.lock`.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::Node;
use super::poetry::name_line;
use super::{Input, by_key, edges, report_missing, report_shape, start, start_from, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    let old = root.items_of("distribution");
    let nodes = if old.is_empty() { root.items_of("package") } else { old };
    if nodes.is_empty() && root.get("version").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no [[package]] in it");
    }
    let mut kept = Vec::new();
    for node in nodes {
        let Some(name) = node.text_of("name") else { continue };
        let mut package =
            ResolvedPackage::new(Ecosystem::PyPi, name, node.text_of("version"), name_line(node));
        package.provenance = provenance(node.get("source"));
        lockfile.packages.push(package);
        kept.push(node);
    }
    let needed = kept.iter().flat_map(|node| {
        let from = node.text_of("name").unwrap_or_default();
        node.items_of("dependencies").iter().filter_map(move |needed| Some((from, needed.text_of("name")?)))
    });
    report_missing(&mut lockfile, input, Ecosystem::PyPi, needed);
    let by_key = by_key(&lockfile.packages);
    let find = |packages: &[ResolvedPackage], needed: &Node<'_>| -> Vec<usize> {
        let Some(name) = needed.text_of("name") else { return Vec::new() };
        let version = needed.text_of("version");
        let same = by_key.get(&PackageKey::new(Ecosystem::PyPi, name)).map_or(&[][..], Vec::as_slice);
        same.iter()
            .copied()
            .filter(|&idx| version.is_none_or(|version| packages[idx].version.as_deref() == Some(version)))
            .collect()
    };
    let mut starts: Vec<(usize, Usage)> = Vec::new();
    for (idx, node) in kept.iter().enumerate() {
        let mut found = Vec::new();
        let mut take = |needed: &Node<'_>, usage: Usage, packages: &[ResolvedPackage]| {
            for target in find(packages, needed) {
                found.push(target);
                if packages[idx].provenance == Provenance::Local {
                    starts.push((target, usage));
                }
            }
        };
        for needed in node.items_of("dependencies") {
            take(needed, Usage::Production, &lockfile.packages);
        }
        for group in node.entries_of("optional-dependencies") {
            group.node.items().iter().for_each(|needed| take(needed, Usage::Optional, &lockfile.packages));
        }
        for table in ["dev-dependencies", "dependency-groups"] {
            for group in node.entries_of(table) {
                group
                    .node
                    .items()
                    .iter()
                    .for_each(|needed| take(needed, Usage::Development, &lockfile.packages));
            }
        }
        lockfile.packages[idx].edges = edges(found);
    }
    starts.retain(|&(idx, _)| lockfile.packages[idx].provenance != Provenance::Local);
    if lockfile.packages.iter().any(|package| package.provenance == Provenance::Local) {
        start_from(&mut lockfile, &starts);
        note_ranges(&mut lockfile, &kept);
    }
    lockfile
}

/// The declared ranges stand in the metadata of the project's own packages.
fn note_ranges(lockfile: &mut Lockfile, nodes: &[&Node<'_>]) {
    let mut ranges: HashMap<PackageKey, String> = HashMap::new();
    for node in nodes {
        let Some(metadata) = node.get("metadata") else { continue };
        let groups = metadata.entries_of("requires-dev").iter().flat_map(|group| group.node.items());
        for required in metadata.items_of("requires-dist").iter().chain(groups) {
            if let (Some(name), Some(range)) = (required.text_of("name"), required.text_of("specifier")) {
                ranges.entry(PackageKey::new(Ecosystem::PyPi, name)).or_insert_with(|| range.to_owned());
            }
        }
    }
    for package in &mut lockfile.packages {
        if package.direct == Some(true) {
            package.requirement = ranges.get(&package.key).cloned();
        }
    }
}

fn provenance(source: Option<&Node<'_>>) -> Provenance {
    let Some(source) = source else { return Provenance::Registry };
    let has = |key: &str| source.get(key).is_some();
    // The first releases wrote a text such as `registry+https://…`.
    let text = source.text().unwrap_or_default();
    let starts = |kind: &str| text.starts_with(kind);
    if ["virtual", "editable", "directory", "workspace"].iter().any(|kind| has(kind) || starts(kind)) {
        Provenance::Local
    } else if ["git", "url", "path", "direct"].iter().any(|kind| has(kind) || starts(kind)) {
        Provenance::Foreign
    } else {
        Provenance::Registry
    }
}
