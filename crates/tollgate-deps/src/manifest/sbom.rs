//! Bills of materials: CycloneDX JSON and SPDX JSON (2.x and 3.0).

use std::collections::HashMap;

use tollgate_core::DiagnosticLevel;
use tollgate_core::dependency::Usage;

use super::document::Node;
use super::json::{self, Dialect};
use super::{Format, Input, edges, report_shape, start};
use crate::graph::{Lockfile, ResolvedPackage};
use crate::purl::parse_package_url;

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    if root.get("bomFormat").is_some() {
        read_cyclonedx(&mut lockfile, root);
    } else if root.get("spdxVersion").is_some() {
        read_spdx2(&mut lockfile, root);
    } else if root.get("@graph").is_some() {
        read_spdx3(&mut lockfile, root);
    } else if !matches!(input.path.file_name(), "bom.json" | "sbom.json") && document.faults.is_empty() {
        let named = if Format::of(input.path) == Some(Format::Spdx) { "SPDX" } else { "CycloneDX" };
        report_shape(&mut lockfile, &format!("it is no {named} document"));
    }
    lockfile
}

/// Collects components under their references, then edges.
#[derive(Default)]
struct Parts<'n> {
    by_reference: HashMap<&'n str, usize>,
    unknown: Vec<(u32, &'n str)>,
}

impl<'n> Parts<'n> {
    fn add(&mut self, lockfile: &mut Lockfile, purl: &'n str, line: u32) -> Option<usize> {
        let Some((ecosystem, name, version)) = parse_package_url(purl) else {
            self.unknown.push((line, purl));
            return None;
        };
        lockfile.packages.push(ResolvedPackage::new(ecosystem, &name, version.as_deref(), line));
        Some(lockfile.packages.len() - 1)
    }

    fn connect(&self, lockfile: &mut Lockfile, pairs: &[(&str, &str)], roots: &[&str]) {
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); lockfile.packages.len()];
        let mut direct = Vec::new();
        for (from, to) in pairs {
            let Some(&target) = self.by_reference.get(to) else { continue };
            match self.by_reference.get(from) {
                Some(&source) => found[source].push(target),
                None if roots.contains(from) => direct.push(target),
                None => {}
            }
        }
        if !direct.is_empty() {
            lockfile.packages.iter_mut().for_each(|package| package.direct = Some(false));
        }
        for idx in direct {
            lockfile.packages[idx].direct = Some(true);
        }
        for (package, targets) in lockfile.packages.iter_mut().zip(found) {
            package.edges = edges(targets);
        }
    }

    fn report_unknown(&self, lockfile: &mut Lockfile) {
        let Some((line, first)) = self.unknown.first() else { return };
        let message = format!(
            "{} components of {} are of a kind without advisories here and were not checked, the first is `{}`",
            self.unknown.len(),
            lockfile.path,
            super::document::shorten(first)
        );
        lockfile.report(DiagnosticLevel::Warning, message, Some(*line));
    }
}

fn read_cyclonedx(lockfile: &mut Lockfile, root: &Node<'_>) {
    let mut parts = Parts::default();
    let main = root.at(&["metadata", "component"]);
    let mut pending: Vec<&Node<'_>> = root.items_of("components").iter().rev().collect();
    if let Some(main) = main {
        pending.extend(main.items_of("components").iter().rev());
    }
    while let Some(component) = pending.pop() {
        pending.extend(component.items_of("components").iter().rev());
        let Some(purl) = component.text_of("purl") else { continue };
        let entry = component.entries().iter().find(|entry| entry.key == "purl");
        let line = entry.map_or(component.line, |entry| entry.line);
        let Some(idx) = parts.add(lockfile, purl, line) else { continue };
        let package = &mut lockfile.packages[idx];
        if package.version.is_none() {
            package.version = component.text_of("version").map(str::to_owned);
        }
        package.usage = match component.text_of("scope") {
            Some("optional") => Usage::Optional,
            Some("excluded") => Usage::Development,
            _ => Usage::Production,
        };
        package.licence = cyclonedx_licence(component);
        for reference in [component.text_of("bom-ref"), Some(purl)].into_iter().flatten() {
            parts.by_reference.entry(reference).or_insert(idx);
        }
    }
    let mut pairs = Vec::new();
    for dependency in root.items_of("dependencies") {
        let Some(from) = dependency.text_of("ref") else { continue };
        pairs.extend(dependency.items_of("dependsOn").iter().filter_map(Node::text).map(|to| (from, to)));
    }
    let roots: Vec<&str> =
        main.and_then(|main| main.text_of("bom-ref").or_else(|| main.text_of("purl"))).into_iter().collect();
    parts.connect(lockfile, &pairs, &roots);
    parts.report_unknown(lockfile);
}

fn cyclonedx_licence(component: &Node<'_>) -> Option<String> {
    let stated: Vec<&str> = component
        .items_of("licenses")
        .iter()
        .filter_map(|choice| {
            choice.text_of("expression").or_else(|| {
                let licence = choice.get("license")?;
                licence.text_of("id").or_else(|| licence.text_of("name"))
            })
        })
        .collect();
    (!stated.is_empty()).then(|| stated.join(" AND "))
}

fn read_spdx2(lockfile: &mut Lockfile, root: &Node<'_>) {
    let mut parts = Parts::default();
    let mut described: Vec<&str> = root.items_of("documentDescribes").iter().filter_map(Node::text).collect();
    let mut pairs = Vec::new();
    for relation in root.items_of("relationships") {
        let (Some(from), Some(to)) =
            (relation.text_of("spdxElementId"), relation.text_of("relatedSpdxElement"))
        else {
            continue;
        };
        match relation.text_of("relationshipType") {
            Some("DESCRIBES") => described.push(to),
            Some("DESCRIBED_BY") => described.push(from),
            Some("DEPENDS_ON" | "CONTAINS") => pairs.push((from, to)),
            Some("DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "DEV_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF") => {
                pairs.push((to, from));
            }
            _ => {}
        }
    }
    for node in root.items_of("packages") {
        let purl = node
            .items_of("externalRefs")
            .iter()
            .find(|reference| reference.text_of("referenceType") == Some("purl"))
            .and_then(|reference| reference.text_of("referenceLocator"));
        let (Some(purl), Some(id)) = (purl, node.text_of("SPDXID")) else { continue };
        let line =
            node.entries().iter().find(|entry| entry.key == "name").map_or(node.line, |entry| entry.line);
        // The described package is the project; what it holds is what it depends on.
        if described.contains(&id) && pairs.iter().any(|(from, _)| *from == id) {
            continue;
        }
        let Some(idx) = parts.add(lockfile, purl, line) else { continue };
        let package = &mut lockfile.packages[idx];
        if package.version.is_none() {
            package.version = node.text_of("versionInfo").map(str::to_owned);
        }
        package.licence = ["licenseConcluded", "licenseDeclared"]
            .iter()
            .filter_map(|field| node.text_of(field))
            .find(|licence| !matches!(*licence, "NOASSERTION" | "NONE"))
            .map(str::to_owned);
        parts.by_reference.insert(id, idx);
    }
    parts.connect(lockfile, &pairs, &described);
    parts.report_unknown(lockfile);
}

fn read_spdx3(lockfile: &mut Lockfile, root: &Node<'_>) {
    let mut parts = Parts::default();
    let mut pairs = Vec::new();
    let graph = root.items_of("@graph");
    for node in graph {
        let kind = node.text_of("type").or_else(|| node.text_of("@type")).unwrap_or_default();
        let field = |name: &str| node.text_of(&format!("software_{name}")).or_else(|| node.text_of(name));
        if kind.ends_with("Package") {
            let (Some(purl), Some(id)) =
                (field("packageUrl"), node.text_of("spdxId").or_else(|| node.text_of("@id")))
            else {
                continue;
            };
            let line =
                node.entries().iter().find(|entry| entry.key == "name").map_or(node.line, |entry| entry.line);
            let Some(idx) = parts.add(lockfile, purl, line) else { continue };
            let package = &mut lockfile.packages[idx];
            if package.version.is_none() {
                package.version = field("packageVersion").map(str::to_owned);
            }
            parts.by_reference.insert(id, idx);
        } else if kind.ends_with("Relationship")
            && matches!(node.text_of("relationshipType"), Some("dependsOn" | "contains"))
            && let Some(from) = node.text_of("from")
        {
            pairs.extend(node.items_of("to").iter().filter_map(Node::text).map(|to| (from, to)));
        }
    }
    parts.connect(lockfile, &pairs, &[]);
    parts.report_unknown(lockfile);
}
