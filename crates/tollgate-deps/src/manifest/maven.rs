//! `pom.xml`: properties, parents and imported BOMs as far as they lie in the scanned tree.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tollgate_core::dependency::Usage;
use tollgate_core::{DiagnosticLevel, RepoPath};

use super::xml::{self, Element};
use super::{Input, Neighbours, adopt_faults, beside, report_shape};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

/// Longest chain of parents or of BOMs that import BOMs.
const MAX_CHAIN: usize = 16;
/// How many files of the tree are looked through for parents and BOMs.
const MAX_POMS: usize = 20_000;

/// Every `pom.xml` of the tree, read once.
#[derive(Debug, Default)]
pub(crate) struct Poms {
    by_path: HashMap<RepoPath, Arc<Element>>,
    /// `group:artifact` to the files that define it, sorted.
    by_module: HashMap<String, Vec<RepoPath>>,
}

impl Poms {
    fn read(near: &Neighbours<'_>) -> Self {
        let mut poms = Self::default();
        let root = RepoPath::new("").unwrap_or_else(|_| near.paths[0].clone());
        for path in near.named_below(&root, "pom.xml", MAX_POMS) {
            let Some(text) = near.text(&path) else { continue };
            let (project, _) = xml::parse(&text);
            let parent = project.child("parent");
            let group = project.text_of("groupId").or_else(|| parent?.text_of("groupId")).unwrap_or_default();
            let artifact = project.text_of("artifactId").unwrap_or_default();
            poms.by_module.entry(format!("{group}:{artifact}")).or_default().push(path.clone());
            poms.by_path.insert(path, Arc::new(project));
        }
        poms
    }

    fn of_module(&self, group: &str, artifact: &str) -> Option<(&RepoPath, &Arc<Element>)> {
        let path = self.by_module.get(&format!("{group}:{artifact}"))?.first()?;
        Some((path, self.by_path.get(path)?))
    }
}

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let (project, faults) = xml::parse(input.text);
    adopt_faults(&mut lockfile, &faults);
    if project.name != "project" {
        if faults.is_empty() {
            report_shape(&mut lockfile, "no <project> in it");
        }
        return lockfile;
    }
    let poms = input.near.memo.poms.get_or_init(|| Poms::read(input.near));
    let project = Arc::new(project);
    let model = Model::of(poms, input.path, &project);
    let mut managed_elsewhere: Vec<(u32, String)> = Vec::new();
    let mut ranges: Vec<(u32, String)> = Vec::new();
    for dependency in own_dependencies(&project) {
        let field = |name: &str| dependency.text_of(name).map(|text| model.expand(text));
        let (Some(group), Some(artifact)) = (field("groupId"), field("artifactId")) else { continue };
        let name = format!("{group}:{artifact}");
        let managed = model.managed.get(&name);
        let stated = field("version").or_else(|| managed.and_then(|managed| managed.version.clone()));
        let scope = field("scope").or_else(|| managed.and_then(|managed| managed.scope.clone()));
        let version = stated.as_deref().and_then(exact);
        let mut package = ResolvedPackage::new(Ecosystem::Maven, &name, version, dependency.line);
        package.direct = Some(true);
        package.requirement.clone_from(&stated);
        package.usage = match scope.as_deref() {
            Some("test") => Usage::Development,
            _ if field("optional").as_deref() == Some("true") => Usage::Optional,
            _ => Usage::Production,
        };
        if poms.of_module(&group, &artifact).is_some() {
            package.provenance = Provenance::Local;
        } else if version.is_none() {
            let open = stated.as_deref().is_none_or(|stated| stated.contains("${"));
            if open { &mut managed_elsewhere } else { &mut ranges }.push((dependency.line, name));
        }
        lockfile.packages.push(package);
    }
    let mut say = |found: &[(u32, String)], why: &str| {
        let Some((line, _)) = found.first() else { return };
        let names: Vec<&str> = found.iter().take(8).map(|(_, name)| name.as_str()).collect();
        let message = format!(
            "{} dependencies of {} {why} and were not checked: {}",
            found.len(),
            input.path,
            names.join(", ")
        );
        lockfile.report(DiagnosticLevel::Warning, message, Some(*line));
    };
    say(&managed_elsewhere, "get their version from a parent or BOM outside the tree");
    say(&ranges, "state a range of versions");
    lockfile
}

/// Dependencies of the project and of its profiles.
fn own_dependencies(project: &Element) -> Vec<&Element> {
    let profiles = project.children("profiles").flat_map(|profiles| profiles.children("profile"));
    std::iter::once(project)
        .chain(profiles)
        .flat_map(|holder| holder.children("dependencies"))
        .flat_map(|list| list.children("dependency"))
        .collect()
}

/// The one version that a stated version means.
fn exact(stated: &str) -> Option<&str> {
    let stated = stated.trim();
    if let Some(inner) = stated.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && !inner.contains(',')
    {
        return Some(inner.trim());
    }
    let open = stated.is_empty() || stated.contains(['[', '(', ',']) || stated.contains("${");
    (!open && stated != "LATEST" && stated != "RELEASE").then_some(stated)
}

#[derive(Debug, Clone)]
struct Managed {
    version: Option<String>,
    scope: Option<String>,
}

/// What a project inherits: properties and managed versions.
#[derive(Debug, Default)]
struct Model {
    properties: BTreeMap<String, String>,
    managed: HashMap<String, Managed>,
}

impl Model {
    fn of(poms: &Poms, path: &RepoPath, project: &Arc<Element>) -> Self {
        let mut finished: HashMap<RepoPath, HashMap<String, Managed>> = HashMap::new();
        Self::bounded(poms, path, project, 0, &mut finished)
    }

    /// Recursion follows BOM imports and ends at `MAX_CHAIN`; every BOM is read once.
    fn bounded(
        poms: &Poms,
        path: &RepoPath,
        project: &Arc<Element>,
        depth: usize,
        finished: &mut HashMap<RepoPath, HashMap<String, Managed>>,
    ) -> Self {
        let chain = chain(poms, path, project);
        let mut model = Self { properties: properties(&chain), managed: HashMap::new() };
        let mut imports: Vec<(String, String)> = Vec::new();
        for pom in &chain {
            let lists =
                pom.children("dependencyManagement").flat_map(|managed| managed.children("dependencies"));
            for dependency in lists.flat_map(|list| list.children("dependency")) {
                let field = |name: &str| dependency.text_of(name).map(|text| model.expand(text));
                let (Some(group), Some(artifact)) = (field("groupId"), field("artifactId")) else { continue };
                if field("scope").as_deref() == Some("import") {
                    imports.push((group, artifact));
                    continue;
                }
                let managed = Managed { version: field("version"), scope: field("scope") };
                model.managed.entry(format!("{group}:{artifact}")).or_insert(managed);
            }
        }
        if depth >= MAX_CHAIN {
            return model;
        }
        for (group, artifact) in imports {
            let Some((bom_path, bom)) = poms.of_module(&group, &artifact) else { continue };
            if !finished.contains_key(bom_path) {
                finished.insert(bom_path.clone(), HashMap::new());
                let imported = Self::bounded(poms, bom_path, bom, depth + 1, finished).managed;
                finished.insert(bom_path.clone(), imported);
            }
            if let Some(imported) = finished.get(bom_path) {
                let mut sorted: Vec<(&String, &Managed)> = imported.iter().collect();
                sorted.sort_by_key(|(name, _)| *name);
                for (name, managed) in sorted {
                    model.managed.entry(name.clone()).or_insert_with(|| managed.clone());
                }
            }
        }
        model
    }

    /// Replaces `${name}`; what no property names stays as it is.
    fn expand(&self, text: &str) -> String {
        expand(text, &self.properties)
    }
}

fn expand(text: &str, properties: &BTreeMap<String, String>) -> String {
    const ROUNDS: usize = 8;
    const MAX: usize = 4_096;
    let mut current = text.to_owned();
    for _ in 0..ROUNDS {
        if !current.contains("${") || current.len() > MAX {
            break;
        }
        let mut next = String::new();
        let mut rest = current.as_str();
        while let Some(start) = rest.find("${") {
            let Some(end) = rest[start..].find('}') else { break };
            next.push_str(&rest[..start]);
            match properties.get(&rest[start + 2..start + end]) {
                Some(value) => next.push_str(value),
                None => next.push_str(&rest[start..=start + end]),
            }
            rest = &rest[start + end + 1..];
        }
        next.push_str(rest);
        if next == current {
            break;
        }
        current = next;
    }
    current
}

/// The project and its parents in the tree, nearest first.
fn chain(poms: &Poms, path: &RepoPath, project: &Arc<Element>) -> Vec<Arc<Element>> {
    let mut chain = vec![Arc::clone(project)];
    let mut paths = vec![path.clone()];
    while let (Some(last), Some(path)) = (chain.last().cloned(), paths.last().cloned()) {
        let Some(parent) = last.child("parent") else { break };
        let Some((path, pom)) = parent_of(poms, &path, parent) else { break };
        if paths.contains(&path) || chain.len() >= MAX_CHAIN {
            break;
        }
        chain.push(pom);
        paths.push(path);
    }
    chain
}

fn parent_of(poms: &Poms, path: &RepoPath, parent: &Element) -> Option<(RepoPath, Arc<Element>)> {
    let artifact = parent.text_of("artifactId").unwrap_or_default();
    let relative = match parent.child("relativePath") {
        Some(stated) => stated.text.as_str(),
        None => "../pom.xml",
    };
    if !relative.is_empty()
        && let Ok(found) = path.parent().join(relative)
    {
        let file = if found.file_name().ends_with(".xml") { found } else { beside(&found, "pom.xml") };
        if let Some(pom) = poms.by_path.get(&file)
            && pom.text_of("artifactId") == Some(artifact)
        {
            return Some((file, Arc::clone(pom)));
        }
    }
    let (path, pom) = poms.of_module(parent.text_of("groupId").unwrap_or_default(), artifact)?;
    Some((path.clone(), Arc::clone(pom)))
}

/// Properties of a chain: the nearest definition counts.
fn properties(chain: &[Arc<Element>]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            found.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
    };
    for (position, pom) in chain.iter().enumerate() {
        for property in pom.children("properties").flat_map(|list| &list.children) {
            add(&property.name, Some(&property.text));
        }
        let parent = pom.child("parent");
        if position == 0 {
            for field in ["groupId", "version"] {
                let value = pom.text_of(field).or_else(|| parent?.text_of(field));
                add(&format!("project.{field}"), value);
                add(&format!("pom.{field}"), value);
                add(field, value);
                add(&format!("project.parent.{field}"), parent.and_then(|parent| parent.text_of(field)));
            }
            add("project.artifactId", pom.text_of("artifactId"));
        }
        let active =
            pom.children("profiles").flat_map(|profiles| profiles.children("profile")).filter(|profile| {
                profile.child("activation").and_then(|by| by.text_of("activeByDefault")) == Some("true")
            });
        for property in
            active.flat_map(|profile| profile.children("properties")).flat_map(|list| &list.children)
        {
            add(&property.name, Some(&property.text));
        }
    }
    found
}
