//! `pdm.lock`.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::Node;
use super::pep508::Requirement;
use super::poetry::name_line;
use super::{Input, by_key, edges, pyproject, report_missing, report_shape, start, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("package").is_none() && root.get("metadata").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no [[package]] in it");
    }
    // A package with extras has a second entry that differs in the extras only.
    let mut known: HashMap<(PackageKey, String), usize> = HashMap::new();
    let mut nodes: Vec<(usize, &Node<'_>)> = Vec::new();
    let mut grouped = false;
    for node in root.items_of("package") {
        let Some(name) = node.text_of("name") else { continue };
        let version = node.text_of("version");
        let mut package = ResolvedPackage::new(Ecosystem::PyPi, name, version, name_line(node));
        package.provenance = if node.get("path").is_some() {
            Provenance::Local
        } else if ["git", "url"].iter().any(|key| node.get(key).is_some()) {
            Provenance::Foreign
        } else {
            Provenance::Registry
        };
        let groups: Vec<&str> = node.items_of("groups").iter().filter_map(Node::text).collect();
        grouped |= !groups.is_empty();
        package.usage = if groups.is_empty() || groups.contains(&"default") {
            Usage::Production
        } else {
            Usage::Development
        };
        let key = (package.key.clone(), version.unwrap_or_default().to_owned());
        let idx = match known.get(&key) {
            Some(&idx) => {
                let first = &mut lockfile.packages[idx];
                first.usage = first.usage.min(package.usage);
                idx
            }
            None => {
                known.insert(key, lockfile.packages.len());
                lockfile.packages.push(package);
                lockfile.packages.len() - 1
            }
        };
        nodes.push((idx, node));
    }
    let by_key = by_key(&lockfile.packages);
    let needed = nodes.iter().flat_map(|(_, node)| {
        let from = node.text_of("name").unwrap_or_default();
        let all = node.items_of("dependencies").iter().filter_map(Node::text);
        // What holds on other systems only may have been left out.
        let always = all.filter(|needed| !needed.contains(';')).filter_map(Requirement::parse);
        always.map(move |needed| (from, needed.name))
    });
    report_missing(&mut lockfile, input, Ecosystem::PyPi, needed);
    for (idx, node) in nodes {
        let needed =
            node.items_of("dependencies").iter().filter_map(Node::text).filter_map(Requirement::parse);
        let found = needed
            .filter_map(|needed| by_key.get(&PackageKey::new(Ecosystem::PyPi, needed.name)))
            .flatten()
            .copied()
            .filter(|&target| target != idx);
        let known = std::mem::take(&mut lockfile.packages[idx].edges);
        lockfile.packages[idx].edges = edges(known.into_iter().chain(found));
    }
    let own: Vec<Usage> = lockfile.packages.iter().map(|package| package.usage).collect();
    let declared = pyproject::declarations(input);
    declared.apply(&mut lockfile);
    if grouped {
        for (package, usage) in lockfile.packages.iter_mut().zip(own) {
            // PDM does not tell optional groups from development groups; the manifest does.
            let optional = usage == Usage::Development && package.usage == Usage::Optional;
            package.usage = if optional { Usage::Optional } else { usage };
        }
    }
    lockfile
}
