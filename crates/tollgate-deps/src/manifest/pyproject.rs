//! `pyproject.toml`: what a Python project declares, in the tables of PEP 621 and 735 and of Poetry,
//! PDM and uv.

use tollgate_core::dependency::Usage;

use super::document::Node;
use super::pep508::Requirement;
use super::{Declarations, Input, toml_text};
use crate::graph::{Ecosystem, PackageKey};

/// What the `pyproject.toml` beside a lockfile declares.
pub(super) fn declarations(input: Input<'_>) -> Declarations {
    let mut declared = Declarations::default();
    if let Some(text) = input.sibling("pyproject.toml") {
        add(&mut declared, &toml_text::parse(&text).root);
    }
    declared
}

fn add(declared: &mut Declarations, root: &Node<'_>) {
    list(declared, root.at(&["project", "dependencies"]), Usage::Production);
    for group in root.at(&["project", "optional-dependencies"]).map_or(&[][..], Node::entries) {
        list(declared, Some(&group.node), Usage::Optional);
    }
    for group in root.entries_of("dependency-groups") {
        list(declared, Some(&group.node), Usage::Development);
    }
    for tool in ["pdm", "uv"] {
        let groups = root.at(&["tool", tool, "dev-dependencies"]);
        list(declared, groups, Usage::Development);
        for group in groups.map_or(&[][..], Node::entries) {
            list(declared, Some(&group.node), Usage::Development);
        }
    }
    let Some(poetry) = root.at(&["tool", "poetry"]) else { return };
    table(declared, poetry.get("dependencies"), Usage::Production);
    table(declared, poetry.get("dev-dependencies"), Usage::Development);
    for group in poetry.entries_of("group") {
        // Every group but `main` is for development, optional ones included.
        let usage = if group.key == "main" { Usage::Production } else { Usage::Development };
        table(declared, group.node.get("dependencies"), usage);
    }
}

fn list(declared: &mut Declarations, requirements: Option<&Node<'_>>, usage: Usage) {
    for text in requirements.map_or(&[][..], Node::items).iter().filter_map(Node::text) {
        if let Some(requirement) = Requirement::parse(text) {
            let range = Some(requirement.specifier).filter(|range| !range.is_empty());
            declared.add(PackageKey::new(Ecosystem::PyPi, requirement.name), usage, range);
        }
    }
}

fn table(declared: &mut Declarations, requirements: Option<&Node<'_>>, usage: Usage) {
    for entry in requirements.map_or(&[][..], Node::entries) {
        if entry.key == "python" {
            continue;
        }
        let optional = entry.node.flag("optional") && usage == Usage::Production;
        let usage = if optional { Usage::Optional } else { usage };
        let range = entry.node.text().or_else(|| entry.node.text_of("version"));
        declared.add(PackageKey::new(Ecosystem::PyPi, &entry.key), usage, range);
    }
}
