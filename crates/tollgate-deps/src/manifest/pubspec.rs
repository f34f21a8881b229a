//! `pubspec.lock`.

use tollgate_core::dependency::Usage;

use super::{Declarations, Input, report_cut, report_shape, start, yaml};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = yaml::parse(input.text);
    let mut lockfile = start(input, &document);
    if document.root.get("packages").is_none()
        && document.root.get("sdks").is_none()
        && document.faults.is_empty()
    {
        report_shape(&mut lockfile, "no `packages` in it");
    }
    if document.root.get("packages").is_some()
        && document.root.get("sdks").is_none()
        && document.faults.is_empty()
    {
        report_cut(&mut lockfile, input, "no `sdks` at its end");
    }
    for entry in document.root.entries_of("packages") {
        let name = entry.node.at(&["description", "name"]).and_then(super::document::Node::text);
        let name = name.unwrap_or(&entry.key);
        let version = entry.node.scalar_of("version");
        let mut package = ResolvedPackage::new(Ecosystem::Pub, name, version, entry.line);
        package.provenance = match entry.node.text_of("source") {
            Some("path" | "sdk") => Provenance::Local,
            Some("git") => Provenance::Foreign,
            _ => Provenance::Registry,
        };
        let dependency = entry.node.text_of("dependency").unwrap_or_default();
        package.direct = Some(dependency.starts_with("direct"));
        package.usage = if dependency == "direct dev" { Usage::Development } else { Usage::Production };
        lockfile.packages.push(package);
    }
    note_ranges(&mut lockfile, input);
    lockfile
}

fn note_ranges(lockfile: &mut Lockfile, input: Input<'_>) {
    let Some(text) = input.sibling("pubspec.yaml") else { return };
    let manifest = yaml::parse(&text);
    let mut declared = Declarations::default();
    for (group, usage) in [("dependencies", Usage::Production), ("dev_dependencies", Usage::Development)] {
        for entry in manifest.root.entries_of(group) {
            let range = entry.node.scalar().or_else(|| entry.node.scalar_of("version"));
            declared.add(PackageKey::new(Ecosystem::Pub, &entry.key), usage, range);
        }
    }
    for package in &mut lockfile.packages {
        package.requirement = declared.get(&package.key).and_then(|found| found.requirement.clone());
    }
}
