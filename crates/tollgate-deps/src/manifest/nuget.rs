//! NuGet: `packages.lock.json`, project files with central versions, and `packages.config`.

use std::collections::{BTreeMap, HashMap};

use tollgate_core::RepoPath;
use tollgate_core::dependency::Usage;

use super::json::{self, Dialect};
use super::requirements::report_unpinned;
use super::xml::{self, Element};
use super::{Input, adopt_faults, beside, edges, report_shape, start};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

/// Reads `packages.lock.json`, all target frameworks.
pub(super) fn read_lock(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    if document.root.get("dependencies").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "no `dependencies` in it");
    }
    for framework in document.root.entries_of("dependencies") {
        let offset = lockfile.packages.len();
        let mut by_key: HashMap<PackageKey, usize> = HashMap::new();
        for entry in framework.node.entries() {
            let kind = entry.node.text_of("type").unwrap_or_default();
            let version = entry.node.text_of("resolved");
            let mut package = ResolvedPackage::new(Ecosystem::NuGet, &entry.key, version, entry.line);
            package.direct = Some(kind == "Direct");
            package.requirement = entry.node.text_of("requested").map(str::to_owned);
            if kind == "Project" {
                package.provenance = Provenance::Local;
            }
            by_key.insert(package.key.clone(), lockfile.packages.len());
            lockfile.packages.push(package);
        }
        for (position, entry) in framework.node.entries().iter().enumerate() {
            let needed = entry.node.entries_of("dependencies").iter();
            lockfile.packages[offset + position].edges =
                edges(needed.filter_map(|needed| {
                    by_key.get(&PackageKey::new(Ecosystem::NuGet, &needed.key)).copied()
                }));
        }
        // What a project of the tree brings along is asked for by the tree.
        let brought: Vec<usize> = lockfile.packages[offset..]
            .iter()
            .filter(|package| package.provenance == Provenance::Local)
            .flat_map(|package| package.edges.clone())
            .collect();
        for idx in brought {
            lockfile.packages[idx].direct = Some(true);
        }
    }
    lockfile
}

/// Reads `packages.config`.
pub(super) fn read_packages_config(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let (root, faults) = xml::parse(input.text);
    adopt_faults(&mut lockfile, &faults);
    if root.name != "packages" && faults.is_empty() {
        report_shape(&mut lockfile, "no <packages> in it");
    }
    for element in root.children("package") {
        let (Some(name), Some(version)) = (element.attribute("id"), element.attribute("version")) else {
            continue;
        };
        let mut package = ResolvedPackage::new(Ecosystem::NuGet, name, Some(version), element.line);
        if element.attribute("developmentDependency").is_some_and(|flag| flag.eq_ignore_ascii_case("true")) {
            package.usage = Usage::Development;
        }
        lockfile.packages.push(package);
    }
    lockfile
}

/// Reads a project file with the `Directory.*.props` above it.
pub(super) fn read_project(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let (root, faults) = xml::parse(input.text);
    adopt_faults(&mut lockfile, &faults);
    if root.name != "Project" && faults.is_empty() {
        report_shape(&mut lockfile, "no <Project> in it");
    }
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let mut central: HashMap<PackageKey, String> = HashMap::new();
    for (name, into_central) in [("Directory.Build.props", false), ("Directory.Packages.props", true)] {
        let Some(text) = nearest_above(input, name) else { continue };
        let (props, _) = xml::parse(&text);
        collect_properties(&props, &mut properties);
        if into_central {
            collect_central(&props, &properties, &mut central);
        }
    }
    collect_properties(&root, &mut properties);
    let mut unpinned = Vec::new();
    for element in items(&root, "PackageReference") {
        let Some(name) = element.attribute("Include").or_else(|| element.attribute("Update")) else {
            continue;
        };
        let name = expand(name, &properties);
        let key = PackageKey::new(Ecosystem::NuGet, &name);
        let stated = ["VersionOverride", "Version"]
            .iter()
            .find_map(|field| element.attribute(field).or_else(|| element.text_of(field)))
            .map(|version| expand(version, &properties))
            .or_else(|| central.get(&key).cloned());
        let version = stated.as_deref().and_then(lowest);
        if version.is_none() {
            unpinned.push((element.line, name.clone()));
        }
        let mut package = ResolvedPackage::new(Ecosystem::NuGet, &name, version, element.line);
        package.direct = Some(true);
        package.requirement.clone_from(&stated);
        let private = element.attribute("PrivateAssets").or_else(|| element.text_of("PrivateAssets"));
        if private.is_some_and(|assets| assets.eq_ignore_ascii_case("all")) {
            package.usage = Usage::Development;
        }
        lockfile.packages.push(package);
    }
    report_unpinned(&mut lockfile, &unpinned, "exact version");
    lockfile
}

/// The text of the file of that name in the folder or the nearest one above.
fn nearest_above(input: Input<'_>, name: &str) -> Option<std::sync::Arc<str>> {
    let mut folder: RepoPath = input.folder();
    loop {
        if let Some(text) = input.near.text(&beside(&folder, name)) {
            return Some(text);
        }
        if folder.as_str().is_empty() {
            return None;
        }
        folder = folder.parent();
    }
}

/// Items of a kind in any `ItemGroup`, also those inside `Choose`.
fn items<'e>(root: &'e Element, kind: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    let mut pending: Vec<&Element> = vec![root];
    while let Some(element) = pending.pop() {
        for child in &element.children {
            match child.name.as_str() {
                name if name == kind => found.push(child),
                "ItemGroup" | "Choose" | "When" | "Otherwise" => pending.push(child),
                _ => {}
            }
        }
    }
    found.sort_by_key(|element| element.line);
    found
}

fn collect_properties(root: &Element, properties: &mut BTreeMap<String, String>) {
    for property in root.children("PropertyGroup").flat_map(|group| &group.children) {
        let value = expand(&property.text, properties);
        properties.insert(property.name.to_lowercase(), value);
    }
}

fn collect_central(
    root: &Element,
    properties: &BTreeMap<String, String>,
    central: &mut HashMap<PackageKey, String>,
) {
    for element in items(root, "PackageVersion") {
        let name = element.attribute("Include").or_else(|| element.attribute("Update"));
        let version = element.attribute("Version").or_else(|| element.text_of("Version"));
        if let (Some(name), Some(version)) = (name, version) {
            let key = PackageKey::new(Ecosystem::NuGet, &expand(name, properties));
            central.insert(key, expand(version, properties));
        }
    }
}

/// Replaces `$(Name)`; values hold no references any more, so once is enough.
fn expand(text: &str, properties: &BTreeMap<String, String>) -> String {
    const MAX: usize = 4_096;
    let mut expanded = String::new();
    let mut rest = text.trim();
    while let Some(start) = rest.find("$(") {
        let Some(end) = rest[start..].find(')') else { break };
        expanded.push_str(&rest[..start]);
        let name = rest[start + 2..start + end].to_lowercase();
        match properties.get(&name) {
            Some(value) if expanded.len() + value.len() < MAX => expanded.push_str(value),
            _ => expanded.push_str(&rest[start..=start + end]),
        }
        rest = &rest[start + end + 1..];
    }
    expanded.push_str(rest);
    expanded
}

/// The version that NuGet takes for a stated range: the lowest it admits.
fn lowest(stated: &str) -> Option<&str> {
    let stated = stated.trim();
    let inner = match stated.strip_prefix('[') {
        Some(rest) => rest.split([',', ']', ')']).next().unwrap_or_default().trim(),
        None => stated,
    };
    let fixed = !inner.is_empty()
        && !inner.contains(['*', '$', '(', ','])
        && inner.starts_with(|c: char| c.is_ascii_digit());
    fixed.then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_resolve_to_their_lowest_version() {
        let check = |stated: &str, expected: Option<&str>| assert_eq!(lowest(stated), expected, "{stated}");
        check("1.2.3", Some("1.2.3"));
        check("[1.2.3]", Some("1.2.3"));
        check("[1.0, 2.0)", Some("1.0"));
        check("(1.0, 2.0)", None);
        check("1.*", None);
        check("$(Missing)", None);
    }
}
