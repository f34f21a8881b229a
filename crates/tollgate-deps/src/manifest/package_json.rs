//! `package.json`: what a JavaScript project declares.

use tollgate_core::RepoPath;
use tollgate_core::dependency::Usage;

use super::document::Node;
use super::json::{self, Dialect};
use super::{Declarations, Input};
use crate::graph::{Ecosystem, PackageKey};

/// The groups of a manifest or of a lockfile entry, from most to least exposed.
pub(super) const GROUPS: [(&str, Usage); 4] = [
    ("dependencies", Usage::Production),
    ("peerDependencies", Usage::Production),
    ("optionalDependencies", Usage::Optional),
    ("devDependencies", Usage::Development),
];

/// What the manifests of the folder and of the workspaces below it declare. Folders with a lockfile of
/// their own are other projects.
pub(super) fn declarations(input: Input<'_>, lock_names: &[&str]) -> Declarations {
    let mut declared = Declarations::default();
    let folder = input.folder();
    for path in input.near.named_below(&folder, "package.json", 5_000) {
        let own_lock = path.parent() != folder
            && lock_names.iter().any(|name| input.near.has(&super::beside(&path.parent(), name)));
        if !own_lock {
            add(&mut declared, input, &path);
        }
    }
    declared
}

fn add(declared: &mut Declarations, input: Input<'_>, path: &RepoPath) {
    let Some(text) = input.near.text(path) else { return };
    let document = json::parse(&text, Dialect::WithComments);
    for (key, usage, range) in declared_by(&document.root) {
        declared.add(key, usage, Some(range));
    }
}

/// The dependencies a `package.json` value declares: package, usage, range.
pub(super) fn declared_by<'a>(manifest: &'a Node<'_>) -> Vec<(PackageKey, Usage, &'a str)> {
    let mut found = Vec::new();
    for (group, usage) in GROUPS {
        for entry in manifest.entries_of(group) {
            let Some(range) = entry.node.text() else { continue };
            let (name, range) = alias(range).unwrap_or((&entry.key, range));
            found.push((PackageKey::new(Ecosystem::Npm, name), usage, range));
        }
    }
    found
}

/// The package and range behind `npm:name@range`.
pub(super) fn alias(range: &str) -> Option<(&str, &str)> {
    let target = range.strip_prefix("npm:")?;
    Some(split_spec(target).unwrap_or((target, "*"))).filter(|(name, _)| is_name(name))
}

/// `@scope/name@rest` in its two parts.
pub(super) fn split_spec(text: &str) -> Option<(&str, &str)> {
    let at = text.get(1..)?.find('@')? + 1;
    Some((&text[..at], &text[at + 1..]))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c))
}

/// The byte range, without quotes, of the range that a `package.json` declares for a package; `None`
/// where it is declared more than once.
pub(crate) fn locate_in_package_json(text: &str, name: &str) -> Option<(usize, usize)> {
    let document = json::parse(text, Dialect::Strict);
    if !document.faults.is_empty() {
        return None;
    }
    let mut declared = GROUPS
        .iter()
        .flat_map(|(group, _)| document.root.entries_of(group))
        .filter(|entry| entry.key == name);
    let (entry, None) = (declared.next()?, declared.next()) else { return None };
    let range = entry.node.text()?;
    let line_start =
        text.split_inclusive('\n').take(usize::try_from(entry.line).ok()? - 1).map(str::len).sum::<usize>();
    let line = text.get(line_start..)?.lines().next()?;
    let key = line.find(&format!("\"{name}\""))? + name.len() + 2;
    let value = key + line[key..].find(&format!("\"{range}\""))? + 1;
    // Only white space and the colon may stand between the two.
    let between = line[key..value - 1].trim();
    (between == ":").then_some((line_start + value, line_start + value + range.len()))
}
