//! `Pipfile.lock`.

use tollgate_core::dependency::Usage;

use super::json::{self, Dialect};
use super::pep508::exact_version;
use super::requirements::report_unpinned;
use super::{Declarations, Input, report_shape, start, toml_text};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("_meta").is_none() && root.get("default").is_none() && document.faults.is_empty() {
        report_shape(&mut lockfile, "neither `_meta` nor `default` in it");
    }
    let mut unpinned = Vec::new();
    for group in root.entries() {
        // Further categories are the user's own groups.
        let usage = match group.key.as_ref() {
            "_meta" => continue,
            "default" => Usage::Production,
            "develop" => Usage::Development,
            _ => Usage::Optional,
        };
        for entry in group.node.entries() {
            let version = entry.node.text_of("version").or_else(|| entry.node.text()).and_then(exact_version);
            let mut package = ResolvedPackage::new(Ecosystem::PyPi, &entry.key, version, entry.line);
            package.usage = usage;
            if entry.node.get("path").is_some() || entry.node.flag("editable") && version.is_none() {
                package.provenance = Provenance::Local;
            } else if entry.node.get("git").is_some() || entry.node.get("file").is_some() {
                package.provenance = Provenance::Foreign;
            }
            if version.is_none() && package.provenance != Provenance::Local {
                unpinned.push((entry.line, entry.key.to_string()));
            }
            lockfile.packages.push(package);
        }
    }
    report_unpinned(&mut lockfile, &unpinned, "version");
    mark_direct(&mut lockfile, input);
    lockfile
}

fn mark_direct(lockfile: &mut Lockfile, input: Input<'_>) {
    let Some(text) = input.sibling("Pipfile") else { return };
    let manifest = toml_text::parse(&text);
    let mut declared = Declarations::default();
    for (group, usage) in [("packages", Usage::Production), ("dev-packages", Usage::Development)] {
        for entry in manifest.root.entries_of(group) {
            let range = entry.node.text().or_else(|| entry.node.text_of("version"));
            declared.add(PackageKey::new(Ecosystem::PyPi, &entry.key), usage, range);
        }
    }
    let own: Vec<Usage> = lockfile.packages.iter().map(|package| package.usage).collect();
    declared.apply(lockfile);
    for (package, usage) in lockfile.packages.iter_mut().zip(own) {
        package.usage = usage;
    }
}
