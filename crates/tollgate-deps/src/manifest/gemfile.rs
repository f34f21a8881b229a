//! `Gemfile.lock` and `gems.locked`, with groups from the `Gemfile` or `gems.rb` beside them.

use std::collections::HashMap;

use tollgate_core::DiagnosticLevel;
use tollgate_core::dependency::Usage;

use super::text::numbered;
use super::{Declarations, Input, edges, report_cut, report_shape};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let mut section = "";
    let mut in_specs = false;
    let mut sections = 0;
    let mut needs: Vec<Vec<&str>> = Vec::new();
    let mut direct: Vec<(&str, Option<&str>)> = Vec::new();
    for (line, raw) in numbered(input.text) {
        let content = raw.trim_end();
        if content.is_empty() {
            continue;
        }
        let indent = content.len() - content.trim_start().len();
        let content = content.trim_start();
        match indent {
            0 => {
                section = content;
                in_specs = false;
                sections += 1;
            }
            2 if section == "DEPENDENCIES" => direct.push(dependency(content)),
            2 => in_specs = content == "specs:",
            4 if in_specs => match spec(content) {
                Some((name, version)) => {
                    let mut package = ResolvedPackage::new(Ecosystem::RubyGems, name, Some(version), line);
                    package.provenance = match section {
                        "GIT" => Provenance::Foreign,
                        "PATH" => Provenance::Local,
                        _ => Provenance::Registry,
                    };
                    lockfile.packages.push(package);
                    needs.push(Vec::new());
                }
                None => {
                    let message = format!("could not read all of {}: a gem without version", input.path);
                    lockfile.report(DiagnosticLevel::Error, message, Some(line));
                }
            },
            6 if in_specs => {
                if let Some(last) = needs.last_mut() {
                    last.push(dependency(content).0);
                }
            }
            _ => {}
        }
    }
    let ended = input.text.contains("DEPENDENCIES");
    if !ended && lockfile.packages.is_empty() && !input.text.trim().is_empty() {
        report_shape(&mut lockfile, "neither GEM nor DEPENDENCIES in it");
    } else if !ended && sections > 0 {
        report_cut(&mut lockfile, input, "no DEPENDENCIES at its end");
    }
    // A gem may be listed once for each platform.
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (idx, package) in lockfile.packages.iter().enumerate() {
        by_name.entry(package.name.clone()).or_default().push(idx);
    }
    for (package, needs) in lockfile.packages.iter_mut().zip(needs) {
        package.edges = edges(needs.iter().filter_map(|name| by_name.get(*name)).flatten().copied());
    }
    mark_direct(&mut lockfile, input, &direct);
    lockfile
}

/// `name (1.2.3-x86_64-linux)`: version numbers have no dash, platforms follow one.
fn spec(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(" (")?;
    let version = rest.strip_suffix(')')?;
    let version = version.split('-').next().unwrap_or(version);
    (!version.is_empty()).then_some((name, version))
}

/// `name (~> 1.0)!`.
fn dependency(text: &str) -> (&str, Option<&str>) {
    let text = text.trim_end_matches('!');
    match text.split_once(" (") {
        Some((name, range)) => (name, range.strip_suffix(')')),
        None => (text, None),
    }
}

fn mark_direct(lockfile: &mut Lockfile, input: Input<'_>, direct: &[(&str, Option<&str>)]) {
    let manifest = ["Gemfile", "gems.rb"]
        .iter()
        .find_map(|name| input.sibling(name))
        .or_else(|| input.sibling(input.path.file_name().trim_end_matches(".lock")));
    let groups = manifest.map(|text| groups(&text)).unwrap_or_default();
    let mut declared = Declarations::default();
    for (name, range) in direct {
        let usage = groups.get(*name).copied().unwrap_or(Usage::Production);
        declared.add(PackageKey::new(Ecosystem::RubyGems, name), usage, *range);
    }
    // Gems of a gemspec in the tree are asked for by the project.
    let local: Vec<usize> = lockfile
        .packages
        .iter()
        .filter(|package| package.provenance == Provenance::Local)
        .flat_map(|package| package.edges.clone())
        .collect();
    for idx in local {
        declared.add(lockfile.packages[idx].key.clone(), Usage::Production, None);
    }
    declared.apply(lockfile);
}

/// The usage of each gem of a `Gemfile`: by `group … do` blocks and `group:` arguments.
fn groups(text: &str) -> HashMap<String, Usage> {
    let mut found: HashMap<String, Usage> = HashMap::new();
    // For each open block the usage it gives, if it is a group.
    let mut open: Vec<Option<Usage>> = Vec::new();
    for (_, line) in numbered(text) {
        let code = line.split(" #").next().unwrap_or(line).trim();
        if code.starts_with('#') {
            continue;
        }
        if let Some(rest) = code.strip_prefix("gem ").or_else(|| code.strip_prefix("gem(")) {
            let name = rest.trim_start().trim_start_matches(['"', '\'']);
            let name = name.split(['"', '\'']).next().unwrap_or_default();
            let by_argument = ["group:", "groups:", ":group =>", ":groups =>"]
                .iter()
                .find_map(|key| rest.split_once(key))
                .map(|(_, groups)| usage_of(groups.split("require").next().unwrap_or(groups)));
            let usage = by_argument
                .or_else(|| open.iter().rev().find_map(|usage| *usage))
                .unwrap_or(Usage::Production);
            found.entry(name.to_owned()).and_modify(|known| *known = (*known).min(usage)).or_insert(usage);
        }
        if code == "end" {
            open.pop();
        } else if code.ends_with(" do") || code.contains(" do |") {
            open.push(code.strip_prefix("group").map(usage_of));
        } else if (code.starts_with("if ")
            || code.starts_with("unless ")
            || code.starts_with("case ")
            || code.starts_with("def ")
            || code == "begin")
            && !code.ends_with(" end")
        {
            open.push(None);
        }
    }
    found
}

/// The usage that a list of group symbols amounts to.
fn usage_of(groups: &str) -> Usage {
    let words: Vec<&str> = groups
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && *word != "do")
        .collect();
    let development = |word: &&str| {
        matches!(
            *word,
            "development" | "test" | "tests" | "dev" | "ci" | "lint" | "docs" | "doc" | "optional" | "true"
        )
    };
    if !words.is_empty() && words.iter().all(development) {
        Usage::Development
    } else if words.contains(&"default") || words.contains(&"production") || words.is_empty() {
        Usage::Production
    } else {
        Usage::Optional
    }
}
