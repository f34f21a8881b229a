//! `pnpm-lock.yaml`, versions 5, 6 and 9.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::{Entry, Node};
use super::package_json::{GROUPS, split_spec};
use super::{Input, edges, report_cut, report_shape, spread_usage, start, yaml};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = yaml::parse(input.text);
    let mut lockfile = start(input, &document);
    // Newer versions may put a document about the package manager itself before the project's.
    let documents: Vec<&Node<'_>> = std::iter::once(&document.root).chain(&document.more).collect();
    if documents.iter().all(|root| root.get("lockfileVersion").is_none()) && document.faults.is_empty() {
        report_shape(&mut lockfile, "no lockfileVersion in it");
    }
    for root in documents {
        let missing = read_document(&mut lockfile, root);
        if let Some(missing) = missing.filter(|_| document.faults.is_empty()) {
            report_cut(&mut lockfile, input, &format!("`{missing}` is needed and not in it"));
        }
        let version = root.scalar_of("lockfileVersion").and_then(|version| version.parse::<f32>().ok());
        let cut = version.is_some_and(|version| version >= 9.0)
            && !root.entries_of("packages").is_empty()
            && root.get("snapshots").is_none();
        if cut && document.faults.is_empty() {
            report_cut(&mut lockfile, input, "no `snapshots` at its end");
        }
    }
    lockfile
}

/// Reads a document and returns a package that others need and it does not hold.
fn read_document(lockfile: &mut Lockfile, root: &Node<'_>) -> Option<String> {
    let offset = lockfile.packages.len();
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut nodes: Vec<Vec<&Node<'_>>> = Vec::new();
    for entry in root.entries_of("packages") {
        let (name, version) = identify(&entry.key, &entry.node);
        let mut package = ResolvedPackage::new(Ecosystem::Npm, &name, version.as_deref(), entry.line);
        package.provenance = provenance(entry);
        package.usage = if entry.node.flag("dev") {
            Usage::Development
        } else if entry.node.flag("optional") {
            Usage::Optional
        } else {
            Usage::Production
        };
        by_key.insert(&entry.key, lockfile.packages.len());
        lockfile.packages.push(package);
        nodes.push(vec![&entry.node]);
    }
    // Version 9 keeps the edges apart, once for each set of peers.
    for entry in root.entries_of("snapshots") {
        let idx = by_key.get(entry.key.as_ref()).or_else(|| by_key.get(without_peers(&entry.key))).copied();
        if let Some(idx) = idx {
            nodes[idx - offset].push(&entry.node);
            by_key.entry(&entry.key).or_insert(idx);
        }
    }
    let unlinked = nodes.iter().position(|nodes| nodes.len() < 2).filter(|_| root.get("snapshots").is_some());
    let unlinked = unlinked.map(|position| lockfile.packages[offset + position].name.clone());
    let find = |name: &str, reference: &str| -> Option<usize> {
        let reference = reference.strip_prefix("link:").map_or(Some(reference), |_| None)?;
        let bare = without_peers(reference);
        [
            reference.to_owned(),
            bare.to_owned(),
            format!("/{name}/{reference}"),
            format!("/{name}@{reference}"),
            format!("{name}@{reference}"),
            format!("/{name}@{bare}"),
            format!("{name}@{bare}"),
        ]
        .iter()
        .find_map(|key| by_key.get(key.as_str()).copied())
    };
    for (position, nodes) in nodes.iter().enumerate() {
        let groups = nodes.iter().flat_map(|node| {
            ["dependencies", "optionalDependencies"].into_iter().flat_map(|group| node.entries_of(group))
        });
        let found = edges(groups.filter_map(|entry| find(&entry.key, entry.node.scalar()?)));
        lockfile.packages[offset + position].edges = found;
    }
    unlinked.or(mark_direct(lockfile, root, offset, find))
}

fn mark_direct(
    lockfile: &mut Lockfile,
    root: &Node<'_>,
    offset: usize,
    find: impl Fn(&str, &str) -> Option<usize>,
) -> Option<String> {
    let specifiers = root.get("specifiers");
    let importers: Vec<&Node<'_>> = match root.get("importers") {
        Some(importers) => importers.entries().iter().map(|entry| &entry.node).collect(),
        None => vec![root],
    };
    let mut starts = Vec::new();
    let mut missing = None;
    for importer in importers {
        let specifiers = importer.get("specifiers").or(specifiers);
        for (group, usage) in GROUPS {
            for entry in importer.entries_of(group) {
                let version = entry.node.scalar().or_else(|| entry.node.scalar_of("version"));
                let Some(idx) = version.and_then(|version| find(&entry.key, version)) else {
                    let local = version.is_none_or(|version| version.contains(':'));
                    missing = missing.or_else(|| (!local).then(|| entry.key.to_string()));
                    continue;
                };
                let declared =
                    entry.node.scalar_of("specifier").or_else(|| specifiers?.scalar_of(&entry.key));
                if let Some(declared) = declared {
                    lockfile.packages[idx].requirement.get_or_insert_with(|| declared.to_owned());
                }
                starts.push((idx, usage));
            }
        }
    }
    for package in &mut lockfile.packages[offset..] {
        package.direct = Some(false);
    }
    for &(idx, _) in &starts {
        lockfile.packages[idx].direct = Some(true);
    }
    spread_usage(lockfile, &starts);
    missing
}

/// Name and version from an entry; what the entry states itself wins over its key.
fn identify(key: &str, node: &Node<'_>) -> (String, Option<String>) {
    let (name, version) = split_key(key);
    let name = node.text_of("name").unwrap_or(name);
    let version = node.scalar_of("version").or(version);
    (name.to_owned(), version.map(str::to_owned))
}

/// `/@scope/name/1.0.0_peer@2.0.0` (5), `/name@1.0.0(peer@2.0.0)` (6), `name@1.0.0` (9), with an
/// optional registry host in front.
fn split_key(key: &str) -> (&str, Option<&str>) {
    let key = without_peers(key);
    let path = match key.strip_prefix('/') {
        Some(path) => path,
        None => match key.split_once('/') {
            // A host has a dot, a scope starts with `@`.
            Some((host, path)) if host.contains('.') && !host.contains('@') => path,
            _ => key,
        },
    };
    if let Some((name, version)) = split_spec(path)
        && !version.is_empty()
        && name.split('/').count() <= if name.starts_with('@') { 2 } else { 1 }
    {
        let version = version.split('_').next().unwrap_or(version);
        return (name, Some(version).filter(|version| !version.contains(':')));
    }
    let Some((name, version)) =
        path.rsplit_once('/').filter(|(_, rest)| !rest.contains('@') || rest.contains('_'))
    else {
        return slashes_in_peers(path);
    };
    (name, Some(version.split('_').next().unwrap_or(version)))
}

/// `@scope/name/1.0.0_@other/peer@2.0.0`: the peers of version 5 may hold slashes themselves.
fn slashes_in_peers(path: &str) -> (&str, Option<&str>) {
    let bare = path.split('_').next().unwrap_or(path);
    match bare.rsplit_once('/') {
        Some((name, version)) => (name, Some(version)),
        None => (path, None),
    }
}

fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

fn provenance(entry: &Entry<'_>) -> Provenance {
    let resolution = entry.node.get("resolution");
    let has = |key: &str| resolution.is_some_and(|node| node.get(key).is_some());
    if has("directory") || entry.key.starts_with("file:") || entry.key.starts_with("link:") {
        Provenance::Local
    } else if has("repo") || (has("tarball") && !has("integrity")) {
        Provenance::Foreign
    } else {
        Provenance::Registry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_versions() {
        let check = |key: &str, name: &str, version: &str| {
            assert_eq!(split_key(key), (name, Some(version)), "{key}");
        };
        check("/a/1.0.0", "a", "1.0.0");
        check("/@s/a/1.0.0", "@s/a", "1.0.0");
        check("/a/1.0.0_b@2.0.0", "a", "1.0.0");
        check("/@s/a/1.0.0_@t+b@2.0.0+c@3.0.0", "@s/a", "1.0.0");
        check("/a/1.0.0_@t/b@2.0.0", "a", "1.0.0");
        check("registry.npmjs.org/a/1.0.0", "a", "1.0.0");
        check("/a@1.0.0(b@2.0.0)(@s/c@1.0.0)", "a", "1.0.0");
        check("/@s/a@1.0.0", "@s/a", "1.0.0");
        check("a@1.0.0", "a", "1.0.0");
        check("@s/a@1.0.0-beta_1(b@2.0.0)", "@s/a", "1.0.0-beta");
        check("/a_b/1.0.0", "a_b", "1.0.0");
        check("a_b@1.0.0(c@2.0.0)", "a_b", "1.0.0");
    }
}
