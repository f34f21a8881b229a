//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::{Entry, Node};
use super::json::{self, Dialect};
use super::package_json::{self, GROUPS};
use super::{Input, edges, report_shape, start};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if let Some(packages) = root.get("packages").filter(|node| node.is_map()) {
        read_flat(&mut lockfile, packages);
    } else if root.get("dependencies").is_some_and(Node::is_map) {
        read_nested(&mut lockfile, root, input);
    } else if document.faults.is_empty()
        && root.get("lockfileVersion").is_none()
        && root.get("name").is_none()
    {
        report_shape(&mut lockfile, "neither `packages` nor `dependencies` in it");
    }
    lockfile
}

/// Versions 2 and 3: `packages` by install path.
fn read_flat(lockfile: &mut Lockfile, packages: &Node<'_>) {
    let mut by_path: HashMap<&str, usize> = HashMap::new();
    let mut links: HashMap<&str, &str> = HashMap::new();
    let mut nodes: Vec<&Entry<'_>> = Vec::new();
    for entry in packages.entries() {
        let path = entry.key.as_ref();
        if entry.node.flag("link") {
            if let Some(target) = entry.node.text_of("resolved") {
                links.insert(path, target);
            }
            continue;
        }
        let installed = path.rfind("node_modules/").map(|at| &path[at + "node_modules/".len()..]);
        let name = entry.node.text_of("name").or(installed).unwrap_or("");
        let version = entry.node.text_of("version");
        let mut package = ResolvedPackage::new(Ecosystem::Npm, name, version, entry.line);
        package.provenance = match (installed, entry.node.text_of("resolved")) {
            (None, _) => Provenance::Local,
            (_, Some(resolved)) => provenance(resolved),
            (_, None) => Provenance::Registry,
        };
        package.licence = licence(&entry.node);
        package.usage = usage(&entry.node);
        by_path.insert(path, lockfile.packages.len());
        lockfile.packages.push(package);
        nodes.push(entry);
    }
    let find = |from: &str, name: &str| -> Option<usize> {
        let mut folder = from;
        loop {
            let path = if folder.is_empty() {
                format!("node_modules/{name}")
            } else {
                format!("{folder}/node_modules/{name}")
            };
            if let Some(&idx) = by_path.get(path.as_str()) {
                return Some(idx);
            }
            if let Some(target) = links.get(path.as_str()) {
                return by_path.get(target).copied();
            }
            if folder.is_empty() {
                return None;
            }
            folder = match folder.rfind("/node_modules/") {
                Some(at) => &folder[..at],
                None if folder.starts_with("node_modules/") => "",
                None => folder.rfind('/').map_or("", |at| &folder[..at]),
            };
        }
    };
    let mut direct: Vec<(usize, String)> = Vec::new();
    for (idx, entry) in nodes.iter().enumerate() {
        let local = lockfile.packages[idx].provenance == Provenance::Local;
        let mut found = Vec::new();
        for (group, _) in GROUPS {
            for dependency in entry.node.entries_of(group) {
                let Some(target) = find(&entry.key, &dependency.key) else { continue };
                found.push(target);
                if local {
                    direct.push((target, dependency.node.text().unwrap_or_default().to_owned()));
                }
            }
        }
        lockfile.packages[idx].edges = edges(found);
    }
    mark_direct(lockfile, direct);
}

/// Version 1: `dependencies` nested as they are installed. The walk keeps its own stack.
fn read_nested(lockfile: &mut Lockfile, root: &Node<'_>, input: Input<'_>) {
    struct Scope<'n> {
        parent: Option<usize>,
        by_name: HashMap<&'n str, usize>,
    }
    let mut scopes: Vec<Scope<'_>> = Vec::new();
    let mut pending: Vec<(&Node<'_>, Option<usize>, Option<usize>)> = vec![(root, None, None)];
    let mut found: Vec<(&Entry<'_>, usize)> = Vec::new();
    while let Some((node, parent, owner)) = pending.pop() {
        let own = scopes.len();
        // A package sees its own nested packages first.
        if let Some(owner) = owner {
            found[owner].1 = own;
        }
        let mut scope = Scope { parent, by_name: HashMap::new() };
        for entry in node.entries_of("dependencies") {
            if !entry.node.is_map() {
                continue;
            }
            let idx = lockfile.packages.len();
            scope.by_name.insert(&entry.key, idx);
            lockfile.packages.push(nested_package(entry));
            found.push((entry, own));
            if entry.node.get("dependencies").is_some_and(Node::is_map) {
                pending.push((&entry.node, Some(own), Some(idx)));
            }
        }
        scopes.push(scope);
    }
    for (idx, &(entry, scope)) in found.iter().enumerate() {
        let resolve = |name: &str| {
            let mut at = Some(scope);
            while let Some(idx) = at {
                if let Some(&package) = scopes[idx].by_name.get(name) {
                    return Some(package);
                }
                at = scopes[idx].parent;
            }
            None
        };
        lockfile.packages[idx].edges =
            edges(entry.node.entries_of("requires").iter().filter_map(|needed| resolve(&needed.key)));
    }
    let declared = input.sibling("package.json");
    if let Some(text) = declared {
        let manifest = json::parse(&text, Dialect::WithComments);
        let mut direct = Vec::new();
        for (group, _) in GROUPS {
            for entry in manifest.root.entries_of(group) {
                if let Some(&idx) = scopes.first().and_then(|scope| scope.by_name.get(entry.key.as_ref())) {
                    direct.push((idx, entry.node.text().unwrap_or_default().to_owned()));
                }
            }
        }
        mark_direct(lockfile, direct);
    }
}

fn nested_package(entry: &Entry<'_>) -> ResolvedPackage {
    let written = entry.node.text_of("version").unwrap_or_default();
    let (name, version, source) = match package_json::alias(written) {
        Some((name, version)) => (name, Some(version), Provenance::Registry),
        None if written.starts_with("file:") || written.starts_with("link:") => {
            (entry.key.as_ref(), None, Provenance::Local)
        }
        None if written.contains("://") || written.contains('#') || written.contains(':') => {
            (entry.key.as_ref(), version_in_url(written), provenance(written))
        }
        None => {
            let resolved = entry.node.text_of("resolved").map_or(Provenance::Registry, provenance);
            (entry.key.as_ref(), Some(written).filter(|text| !text.is_empty()), resolved)
        }
    };
    let mut package = ResolvedPackage::new(Ecosystem::Npm, name, version, entry.line);
    package.provenance = source;
    package.usage = usage(&entry.node);
    package
}

fn mark_direct(lockfile: &mut Lockfile, direct: Vec<(usize, String)>) {
    if direct.is_empty() {
        return;
    }
    for package in &mut lockfile.packages {
        package.direct = Some(false);
    }
    for (idx, requirement) in direct {
        let package = &mut lockfile.packages[idx];
        package.direct = Some(true);
        if !requirement.is_empty() {
            package.requirement.get_or_insert(requirement);
        }
    }
}

/// The flags are npm's own closure over the graph.
fn usage(node: &Node<'_>) -> Usage {
    if node.flag("dev") || node.flag("devOptional") {
        Usage::Development
    } else if node.flag("optional") {
        Usage::Optional
    } else {
        Usage::Production
    }
}

/// The licence a lockfile or manifest states: a text, or the old `{type}` and list forms.
pub(super) fn licence(node: &Node<'_>) -> Option<String> {
    let one = |node: &Node<'_>| {
        node.text().or_else(|| node.text_of("type")).or_else(|| node.text_of("name")).map(str::to_owned)
    };
    let stated = node.get("license").or_else(|| node.get("licenses"))?;
    match stated.items() {
        [] => one(stated),
        items => {
            let all: Vec<String> = items.iter().filter_map(one).collect();
            (!all.is_empty()).then(|| all.join(" OR "))
        }
    }
}

/// Where a `resolved` URL points.
pub(super) fn provenance(resolved: &str) -> Provenance {
    if resolved.starts_with("file:") || resolved.starts_with("link:") || resolved.starts_with("workspace:") {
        return Provenance::Local;
    }
    let git = resolved.starts_with("git")
        || resolved.starts_with("ssh:")
        || resolved.contains("codeload.github.com");
    // Mirrors of the registry keep its `/-/` path shape.
    if git || (resolved.contains("://") && !resolved.contains("/-/")) {
        Provenance::Foreign
    } else {
        Provenance::Registry
    }
}

/// The version in the tarball name of a registry URL, `…/-/name-1.2.3.tgz`.
pub(super) fn version_in_url(url: &str) -> Option<&str> {
    let url = url.split(['#', '?']).next()?;
    let file = url.rsplit('/').next()?;
    let stem = file.strip_suffix(".tgz").or_else(|| file.strip_suffix(".tar.gz"))?;
    let dash = stem.match_indices('-').map(|(at, _)| at + 1);
    dash.map(|at| &stem[at..])
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.'))
}
