//! Pairs of results that may be the same flaw, found without comparing all with all.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tollgate_core::dependency::PackageFinding;
use tollgate_core::facts::Route;
use tollgate_core::{Region, RepoPath, Subject};

use super::cluster::{Members, Node};
use crate::routes::{RouteTable, shape};
use crate::weakness::Family;

/// Why two results are one flaw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Because {
    /// The same weakness on overlapping regions, or with the same sink.
    Code(Family),
    /// The same package with this advisory.
    Advisory(String),
    /// The same method, route and parameter with this weakness.
    Endpoint(Family),
}

impl Because {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Code(family) => {
                format!("same weakness ({}) on overlapping code or the same sink", family.name())
            }
            Self::Advisory(id) => format!("same package and advisory ({id})"),
            Self::Endpoint(family) => {
                format!("same method, route, parameter and weakness ({})", family.name())
            }
        }
    }
}

/// Two nodes by index, the nearer the sooner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    distance: u32,
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) because: Because,
}

/// Findings of one tool that are kept at hand while sweeping over a file.
const KEPT_PER_TOOL: usize = 4;
const PACKAGES_PER_ADVISORY: usize = 64;

/// All pairs, nearest first.
pub(super) fn pairs(nodes: &[Node], members: Members<'_>, routes: &[Route]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    code_pairs(nodes, members, &mut pairs);
    package_pairs(nodes, members, &mut pairs);
    endpoint_pairs(nodes, members, routes, &mut pairs);
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

fn pair(a: u32, b: u32, distance: u32, because: Because) -> Pair {
    Pair { distance, first: a.min(b), second: a.max(b), because }
}

fn indexed(nodes: &[Node]) -> impl Iterator<Item = (u32, &Node)> {
    (0_u32..).zip(nodes)
}

fn code_pairs(nodes: &[Node], members: Members<'_>, pairs: &mut Vec<Pair>) {
    let mut spans: Vec<Span<'_>> = nodes
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, node)| {
            let families = node.regions(members).next().map(|_| node.families(members)).unwrap_or_default();
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            families.into_iter().flat_map(move |family| {
                node.regions(members).map(move |(path, region)| Span { path, family, region, index })
            })
        })
        .collect();
    spans.par_sort_unstable_by(|a, b| a.key().cmp(&b.key()));
    let buckets: Vec<&[Span<'_>]> = spans
        .chunk_by(|a, b| a.path == b.path && a.family == b.family)
        .filter(|bucket| bucket.len() > 1)
        .collect();
    pairs.par_extend(buckets.into_par_iter().flat_map_iter(|bucket| pairs_in(bucket, nodes, members)));
}

/// Where a result lies, once for each of its weaknesses.
struct Span<'a> {
    path: &'a RepoPath,
    family: Family,
    region: Region,
    /// Of the node.
    index: u32,
}

impl Span<'_> {
    fn key(&self) -> impl Ord + '_ {
        (self.path, self.family, self.region.start(), self.region.end(), self.index)
    }
}

/// Pairs of different tools among the sorted spans of one file and weakness.
fn pairs_in(bucket: &[Span<'_>], nodes: &[Node], members: Members<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut open: Vec<(&str, Vec<(Region, u32)>)> = Vec::new();
    for Span { family, region, index, .. } in bucket {
        let own = nodes[*index as usize].canonical(members).finding.scanner.as_str();
        for (_, recent) in open.iter().filter(|(tool, _)| *tool != own) {
            for (before, earlier) in recent {
                if earlier != index && overlap(before, region) {
                    let distance = distance(before, region);
                    pairs.push(pair(*earlier, *index, distance, Because::Code(*family)));
                }
            }
        }
        match open.iter_mut().find(|(tool, _)| *tool == own) {
            Some((_, recent)) => {
                if recent.len() == KEPT_PER_TOOL {
                    recent.remove(0);
                }
                recent.push((*region, *index));
            }
            None => open.push((own, vec![(*region, *index)])),
        }
    }
    pairs
}

/// Regions on one line are taken to overlap when either says nothing about columns.
fn overlap(a: &Region, b: &Region) -> bool {
    a.overlaps(b)
}

fn distance(a: &Region, b: &Region) -> u32 {
    a.start().line.abs_diff(b.start().line).saturating_mul(1000)
        + a.end().line.abs_diff(b.end().line).min(100)
        + u32::from(a.start() != b.start())
}

fn package_pairs(nodes: &[Node], members: Members<'_>, pairs: &mut Vec<Pair>) {
    type Key = (String, String);
    let mut by_package: FxHashMap<Key, Vec<(&RepoPath, &str, u32)>> = FxHashMap::default();
    let mut by_place: FxHashMap<(String, &RepoPath), Vec<(String, u32)>> = FxHashMap::default();
    let mut in_code: Vec<(String, &RepoPath, &str, u32)> = Vec::new();
    for (index, node) in indexed(nodes) {
        let finding = &node.canonical(members).finding;
        match &finding.subject {
            Subject::Package(package) => {
                let name = folded_name(package);
                let ids = std::iter::once(&finding.rule).chain(&package.aliases);
                for id in ids.map(|id| id.as_str().to_ascii_uppercase()) {
                    let path = &package.location.path;
                    by_package.entry((id.clone(), name.clone())).or_default().push((
                        path,
                        &package.version,
                        index,
                    ));
                    let near = by_place.entry((id, path)).or_default();
                    if near.len() < PACKAGES_PER_ADVISORY {
                        near.push((name.clone(), index));
                    }
                }
            }
            Subject::Code(code) => {
                if let Some(id) = advisory_in(finding.rule.as_str()) {
                    in_code.push((id, &code.location.path, &finding.message, index));
                }
            }
            Subject::Endpoint(_) | Subject::Nowhere => {}
        }
    }
    let mut keys: Vec<&Key> = by_package.keys().collect();
    keys.sort_unstable();
    for key in keys {
        let mut entries = by_package[key].clone();
        entries.sort_unstable();
        let because = || Because::Advisory(key.0.clone());
        for (at, entry) in entries.iter().enumerate() {
            let near = entries[at + 1..].iter().take(KEPT_PER_TOOL);
            for other in near.filter(|other| same_package(entry, other)) {
                pairs.push(pair(entry.2, other.2, 0, because()));
            }
            // A tool that names no lockfile means any; the first is as good as another.
            if entry.0.as_str().is_empty()
                && let Some(other) = entries
                    .iter()
                    .find(|other| !other.0.as_str().is_empty() && same_version(entry.1, other.1))
            {
                pairs.push(pair(entry.2, other.2, 1, because()));
            }
        }
    }
    for (id, path, message, index) in in_code {
        let Some(near) = by_place.get(&(id.clone(), path)) else { continue };
        let message = message.to_lowercase();
        for (name, other) in near.iter().filter(|(name, _)| message.contains(name.as_str())) {
            debug_assert!(!name.is_empty());
            pairs.push(pair(index, *other, 2, Because::Advisory(id.clone())));
        }
    }
}

fn same_package(a: &(&RepoPath, &str, u32), b: &(&RepoPath, &str, u32)) -> bool {
    a.0 == b.0 && same_version(a.1, b.1)
}

fn same_version(a: &str, b: &str) -> bool {
    a == b || a.is_empty() || b.is_empty()
}

fn folded_name(package: &PackageFinding) -> String {
    package.package.to_lowercase().replace(['_', '.'], "-")
}

/// The advisory id inside a rule id of a tool that reports packages as code, for example
/// `CVE-2021-23337` in `CVE-2021-23337-lodash`.
fn advisory_in(rule: &str) -> Option<String> {
    let upper = rule.to_ascii_uppercase();
    let starts = ["CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-"];
    let (at, prefix) = starts.iter().find_map(|prefix| upper.find(prefix).map(|at| (at, *prefix)))?;
    let parts = if prefix == "GHSA-" { 4 } else { 3 };
    let id: Vec<&str> = upper[at..]
        .split(|c: char| !c.is_ascii_alphanumeric())
        .take(parts)
        .filter(|part| !part.is_empty())
        .collect();
    (id.len() == parts).then(|| id.join("-"))
}

fn endpoint_pairs(nodes: &[Node], members: Members<'_>, routes: &[Route], pairs: &mut Vec<Pair>) {
    let table = RouteTable::new(routes);
    let mut by_key: FxHashMap<(String, String, String, Family), Vec<u32>> = FxHashMap::default();
    for (index, node) in indexed(nodes) {
        let Subject::Endpoint(endpoint) = &node.canonical(members).finding.subject else { continue };
        let route = table
            .find(&endpoint.method, &endpoint.url)
            .map_or_else(|| shape(&endpoint.route), |route| shape(&route.template));
        let parameter = endpoint.parameter.as_ref().map_or_else(String::new, |p| p.name.to_lowercase());
        for family in node.families(members) {
            let key = (endpoint.method.to_ascii_uppercase(), route.clone(), parameter.clone(), family);
            by_key.entry(key).or_default().push(index);
        }
    }
    let mut keys: Vec<_> = by_key.keys().collect();
    keys.sort_unstable();
    for key in keys {
        let entries = &by_key[key];
        for (at, first) in entries.iter().enumerate() {
            for second in entries[at + 1..].iter().take(KEPT_PER_TOOL) {
                pairs.push(pair(*first, *second, 0, Because::Endpoint(key.3)));
            }
        }
    }
}
