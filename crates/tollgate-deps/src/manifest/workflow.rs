//! `uses:` of GitHub workflows and composite actions.

use super::document::{Node, Value};
use super::requirements::report_unpinned;
use super::text::numbered;
use super::{Input, start, yaml};
use crate::graph::{Ecosystem, Lockfile, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = yaml::parse(input.text);
    let mut lockfile = start(input, &document);
    let mut used: Vec<(u32, String)> = Vec::new();
    let mut pending: Vec<&Node<'_>> = Vec::new();
    // Only where GitHub looks: jobs, their steps, and the steps of a composite action.
    let jobs = document.root.entries_of("jobs").iter().map(|entry| &entry.node);
    for holder in jobs.chain(document.root.get("runs")) {
        pending.push(holder);
        pending.extend(holder.items_of("steps"));
    }
    for node in pending {
        let Some(entry) = node.entries().iter().find(|entry| entry.key == "uses") else { continue };
        if let Value::Text(text) = &entry.node.value {
            used.push((entry.line, text.to_string()));
        }
    }
    used.sort();
    let lines: Vec<&str> = numbered(input.text).map(|(_, line)| line).collect();
    let mut unpinned = Vec::new();
    for (line, text) in used {
        let Some((target, reference)) = text.split_once('@') else { continue };
        if text.starts_with("./") || text.starts_with("docker://") {
            continue;
        }
        let mut parts = target.split('/');
        let (Some(owner), Some(repository)) = (parts.next(), parts.next()) else { continue };
        let name = format!("{owner}/{repository}");
        let written = lines.get(line as usize - 1).copied().unwrap_or_default();
        let version = version_of(reference, written);
        if version.is_none() {
            unpinned.push((line, text.clone()));
        }
        let mut package = ResolvedPackage::new(Ecosystem::GitHubActions, &name, version.as_deref(), line);
        package.direct = Some(true);
        package.requirement = Some(reference.to_owned());
        package.usage = tollgate_core::dependency::Usage::Development;
        lockfile.packages.push(package);
    }
    report_unpinned(&mut lockfile, &unpinned, "version tag");
    lockfile
}

/// The version of a tag, or of the comment that people put behind a pinned commit.
fn version_of(reference: &str, line: &str) -> Option<String> {
    if is_version(reference) {
        return Some(reference.to_owned());
    }
    let commit = reference.len() >= 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let comment = line.split_once('#').filter(|_| commit)?.1;
    let words = comment.split([' ', '=', ',', '@']).map(str::trim);
    words
        .map(|word| word.strip_prefix("tag").unwrap_or(word))
        .find(|word| is_version(word))
        .map(str::to_owned)
}

/// `v4`, `4.1`, `v4.1.2-beta`.
fn is_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    let core = number.split(['-', '+']).next().unwrap_or(number);
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() <= 4
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.len() < 10 && part.bytes().all(|byte| byte.is_ascii_digit()))
}
