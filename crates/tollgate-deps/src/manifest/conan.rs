//! `conan.lock`, of Conan 1 and 2.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::{Entry, Node};
use super::json::{self, Dialect};
use super::{Input, edges, report_shape, start};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if let Some(nodes) = root.at(&["graph_lock", "nodes"]) {
        read_graph(&mut lockfile, nodes.entries());
    } else if root.get("requires").is_some() || root.get("build_requires").is_some() {
        let lists = [
            ("requires", Usage::Production),
            ("build_requires", Usage::Development),
            ("python_requires", Usage::Development),
            ("config_requires", Usage::Development),
        ];
        for (list, usage) in lists {
            for item in root.items_of(list) {
                if let Some(mut package) = item.text().and_then(|text| reference(text, item.line)) {
                    package.usage = usage;
                    lockfile.packages.push(package);
                }
            }
        }
    } else if document.faults.is_empty() {
        report_shape(&mut lockfile, "neither `graph_lock` nor `requires` in it");
    }
    lockfile
}

fn read_graph(lockfile: &mut Lockfile, nodes: &[Entry<'_>]) {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for entry in nodes {
        let text = entry.node.text_of("ref").or_else(|| entry.node.text_of("pref"));
        let Some(mut package) = text.and_then(|text| reference(text, entry.line)) else { continue };
        // The consumer itself is a recipe file on disk.
        if entry.node.get("path").is_some() || entry.key == "0" && entry.node.get("package_id").is_none() {
            package.provenance = Provenance::Local;
        }
        if entry.node.text_of("context") == Some("build") {
            package.usage = Usage::Development;
        }
        by_id.insert(&entry.key, lockfile.packages.len());
        lockfile.packages.push(package);
        kept.push(entry);
    }
    for (idx, entry) in kept.iter().enumerate() {
        let needed = ["requires", "build_requires"].into_iter().flat_map(|list| entry.node.items_of(list));
        let found = needed.filter_map(Node::scalar).filter_map(|id| by_id.get(id).copied());
        lockfile.packages[idx].edges = edges(found);
    }
}

/// `name/1.2.3@user/channel#revision%timestamp`.
fn reference(text: &str, line: u32) -> Option<ResolvedPackage> {
    let bare = text.split(['#', '@', '%', ':']).next()?;
    let (name, version) = bare.split_once('/')?;
    (!name.is_empty() && !version.is_empty())
        .then(|| ResolvedPackage::new(Ecosystem::ConanCenter, name, Some(version), line))
}
