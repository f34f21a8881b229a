//! `yarn.lock`: the classic format of version 1 and the YAML of berry.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::document::Fault;
use super::package_json::{self, alias, split_spec};
use super::text::numbered;
use super::{
    Declarations, Input, adopt_faults, edges, npm, report_missing, report_shape, start, start_from, yaml,
};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    if input.text.contains("\n__metadata:") || input.text.starts_with("__metadata:") {
        read_berry(input)
    } else {
        read_classic(input)
    }
}

/// An entry of the classic format.
#[derive(Debug, Default)]
struct Block {
    line: u32,
    specs: Vec<String>,
    version: Option<String>,
    resolved: Option<String>,
    dependencies: Vec<(String, String)>,
}

fn read_classic(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let mut faults = Vec::new();
    let blocks = blocks(input.text, &mut faults);
    let mut by_spec: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for block in &blocks {
        let Some((name, range)) = block.specs.first().and_then(|spec| split_spec(spec)) else {
            faults.push(Fault { line: block.line, message: "an entry without `name@range`".to_owned() });
            continue;
        };
        let (name, range) = alias(range).unwrap_or((name, range));
        let Some(version) = block.version.as_deref().filter(|version| !version.is_empty()) else {
            faults.push(Fault { line: block.line, message: format!("`{name}` has no version") });
            continue;
        };
        let mut package = ResolvedPackage::new(Ecosystem::Npm, name, Some(version), block.line);
        package.provenance = match &block.resolved {
            Some(resolved) => npm::provenance(resolved),
            None if range.starts_with("file:") || range.starts_with("link:") => Provenance::Local,
            None => Provenance::Registry,
        };
        for spec in &block.specs {
            by_spec.insert(spec, lockfile.packages.len());
        }
        lockfile.packages.push(package);
        kept.push(block);
    }
    for (idx, block) in kept.iter().enumerate() {
        lockfile.packages[idx].edges = edges(
            block
                .dependencies
                .iter()
                .filter_map(|(name, range)| by_spec.get(format!("{name}@{range}").as_str()).copied()),
        );
    }
    let looks_right = input.text.contains("yarn lockfile") || !lockfile.packages.is_empty();
    if !looks_right && faults.is_empty() && !input.text.trim().is_empty() {
        report_shape(&mut lockfile, "no entry in it");
    }
    adopt_faults(&mut lockfile, &faults);
    let needed = kept.iter().flat_map(|block| {
        let from = block.specs.first().map_or("", String::as_str);
        block
            .dependencies
            .iter()
            .map(move |(name, range)| (from, alias(range).map_or(&**name, |(name, _)| name)))
    });
    report_missing(&mut lockfile, input, Ecosystem::Npm, needed);
    mark_direct(
        &mut lockfile,
        &package_json::declarations(input, &["yarn.lock", "package-lock.json"]),
        |spec| by_spec.get(spec).copied(),
    );
    lockfile
}

fn blocks(text: &str, faults: &mut Vec<Fault>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut in_dependencies = false;
    for (line, raw) in numbered(text) {
        let content = raw.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = raw.len() - raw.trim_start().len();
        if indent == 0 {
            let Some(header) = content.strip_suffix(':') else {
                faults.push(Fault {
                    line,
                    message: format!("`{}` is no entry", super::document::shorten(content)),
                });
                continue;
            };
            let specs = header.split(", ").map(|spec| spec.trim().trim_matches('"').to_owned()).collect();
            blocks.push(Block { line, specs, ..Block::default() });
            in_dependencies = false;
            continue;
        }
        let Some(block) = blocks.last_mut() else { continue };
        let (key, value) = content.split_once(' ').unwrap_or((content, ""));
        let (key, value) = match content.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((key, value)) => (key, value.trim()),
            None => (key, value.trim()),
        };
        let value = value.trim_matches('"');
        if indent >= 4 {
            if in_dependencies {
                block.dependencies.push((key.to_owned(), value.to_owned()));
            }
            continue;
        }
        in_dependencies = matches!(key, "dependencies:" | "optionalDependencies:");
        match key {
            "version" => block.version = Some(value.to_owned()),
            "resolved" => block.resolved = Some(value.to_owned()),
            _ => {}
        }
    }
    blocks
}

fn read_berry(input: Input<'_>) -> Lockfile {
    let document = yaml::parse(input.text);
    let mut lockfile = start(input, &document);
    let mut by_spec: HashMap<String, usize> = HashMap::new();
    let mut kept = Vec::new();
    for entry in document.root.entries() {
        if entry.key == "__metadata" || !entry.node.is_map() {
            continue;
        }
        let first = entry.key.split(", ").next().unwrap_or_default();
        let resolution = entry.node.text_of("resolution").unwrap_or(first);
        let Some((name, reference)) = split_spec(resolution) else { continue };
        let version = entry.node.scalar_of("version");
        let mut package = ResolvedPackage::new(Ecosystem::Npm, name, version, entry.line);
        package.provenance =
            if ["workspace:", "link:", "portal:"].iter().any(|kind| reference.starts_with(kind)) {
                Provenance::Local
            } else if reference.starts_with("npm:") || reference.starts_with("patch:") {
                Provenance::Registry
            } else {
                Provenance::Foreign
            };
        for spec in entry.key.split(", ") {
            by_spec.insert(spec.trim().to_owned(), lockfile.packages.len());
        }
        lockfile.packages.push(package);
        kept.push(entry);
    }
    let find = |name: &str, range: &str| {
        [format!("{name}@{range}"), format!("{name}@npm:{range}")]
            .iter()
            .find_map(|spec| by_spec.get(spec).copied())
    };
    let needed = kept.iter().flat_map(|entry| {
        let groups = ["dependencies", "optionalDependencies"];
        let all = groups.into_iter().flat_map(|group| entry.node.entries_of(group));
        all.filter_map(|needed| {
            let range = needed.node.scalar().unwrap_or_default();
            let range = range.strip_prefix("npm:").unwrap_or(range);
            let named = split_spec(range).map_or(&*needed.key, |(name, _)| name);
            (!range.contains(':')).then_some((&*entry.key, named))
        })
    });
    report_missing(&mut lockfile, input, Ecosystem::Npm, needed);
    let mut starts = Vec::new();
    let manifests = package_json::declarations(input, &["yarn.lock", "package-lock.json"]);
    for (idx, entry) in kept.iter().enumerate() {
        let mut found = Vec::new();
        for group in ["dependencies", "optionalDependencies"] {
            for dependency in entry.node.entries_of(group) {
                let range = dependency.node.scalar().unwrap_or_default();
                let Some(target) = find(&dependency.key, range) else { continue };
                found.push(target);
                if lockfile.packages[idx].provenance == Provenance::Local {
                    let declared = manifests.get(&lockfile.packages[target].key);
                    starts.push((target, declared.map_or(Usage::Production, |declared| declared.usage)));
                    let range = range.strip_prefix("npm:").unwrap_or(range).to_owned();
                    lockfile.packages[target].requirement.get_or_insert(range);
                }
            }
        }
        lockfile.packages[idx].edges = edges(found);
    }
    starts.retain(|&(idx, _)| lockfile.packages[idx].provenance != Provenance::Local);
    start_from(&mut lockfile, &starts);
    lockfile
}

/// Direct dependencies of the classic format: the entry for the very range a manifest declares.
fn mark_direct(lockfile: &mut Lockfile, declared: &Declarations, find: impl Fn(&str) -> Option<usize>) {
    let mut starts = Vec::new();
    for (key, declaration) in declared.iter() {
        let range = declaration.requirement.as_deref().unwrap_or_default();
        let exact = find(&format!("{}@{range}", key.name())).or_else(|| {
            let same = |package: &ResolvedPackage| package.key == *key;
            lockfile.packages.iter().position(same)
        });
        if let Some(idx) = exact {
            starts.push((idx, declaration.usage, range.to_owned()));
        }
    }
    if declared.iter().next().is_none() {
        return;
    }
    for (idx, _, range) in &starts {
        lockfile.packages[*idx].requirement = Some(range.clone());
    }
    let starts: Vec<(usize, Usage)> = starts.into_iter().map(|(idx, usage, _)| (idx, usage)).collect();
    start_from(lockfile, &starts);
}
