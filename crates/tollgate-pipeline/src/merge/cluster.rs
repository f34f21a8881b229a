//! Which results are the same flaw: union-find over candidate pairs, nearest first.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tollgate_core::facts::Route;
use tollgate_core::{Fingerprint, MergedFinding, Region, RepoPath, RuleId, Subject};

use super::candidates::{Because, Pair, pairs};
use super::combine::{imprecision, seniority, traced};
use crate::weakness::{Family, families};

/// Results in canonical order, and the number of the input each came from.
#[derive(Clone, Copy)]
pub(super) struct Members<'a> {
    pub(super) findings: &'a [MergedFinding],
    pub(super) inputs: &'a [u32],
}

/// Members of one flaw, by index in order, and why they are one.
pub(super) struct Cluster {
    pub(super) members: Indices,
    pub(super) because: Vec<Because>,
}

/// Most flaws have one member, and a million of them must not need a million lists.
pub(super) enum Indices {
    One(u32),
    Many(Vec<u32>),
}

impl Indices {
    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(index) => std::slice::from_ref(index),
            Self::Many(list) => list,
        }
    }

    fn add(&mut self, more: &Self) {
        let mut list = match self {
            Self::One(index) => vec![*index],
            Self::Many(list) => std::mem::take(list),
        };
        list.extend_from_slice(more.as_slice());
        *self = Self::Many(list);
    }
}

/// Precise code findings of one flaw start within so many lines.
const SPREAD: u32 = 3;

/// What pairs are looked for among: a cluster as far as it is known, seen as the result it would give.
pub(super) struct Node {
    pub(super) cluster: Cluster,
    /// The member whose location the result keeps.
    located: u32,
    /// The member that gives the result its name.
    canonical: u32,
    /// First and last line precise members start on; `None` without one.
    spread: Option<(u32, u32)>,
}

impl Node {
    fn new(members: Members<'_>, cluster: Cluster) -> Self {
        let first = cluster.members.as_slice()[0];
        let mut node = Self { cluster, located: first, canonical: first, spread: None };
        node.describe(members);
        node
    }

    /// Looks at the cluster as the result it would give.
    fn describe(&mut self, members: Members<'_>) {
        let of = |index: &&u32| &members.findings[**index as usize];
        let all = || self.cluster.members.as_slice().iter();
        let located = all().min_by_key(|index| imprecision(of(index))).copied();
        let canonical = all().min_by_key(|index| seniority(of(index))).copied();
        self.located = located.unwrap_or(self.located);
        self.canonical = canonical.unwrap_or(self.canonical);
        let anchor = self.regions(members).last().map(|(_, region)| region);
        self.spread = anchor
            .filter(|region| region.end().line - region.start().line <= SPREAD)
            .map(|region| (region.start().line, region.start().line));
    }

    pub(super) fn canonical<'a>(&self, members: Members<'a>) -> &'a MergedFinding {
        &members.findings[self.canonical as usize]
    }

    fn all<'n, 'a: 'n>(&'n self, members: Members<'a>) -> impl Iterator<Item = &'a MergedFinding> + 'n {
        self.cluster.members.as_slice().iter().map(move |index| &members.findings[*index as usize])
    }

    /// Families of all members, sorted.
    pub(super) fn families(&self, members: Members<'_>) -> Vec<Family> {
        let mut all: Vec<Family> = self.all(members).flat_map(|one| families(&one.finding)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Regions that tell the flaw: the location and, where it is another one, the sink of the data flow.
    pub(super) fn regions<'a>(
        &self,
        members: Members<'a>,
    ) -> impl Iterator<Item = (&'a RepoPath, Region)> + use<'a> {
        let location = match &members.findings[self.located as usize].finding.subject {
            Subject::Code(code) => Some((&code.location.path, code.location.region)),
            _ => None,
        };
        let sink = traced(self.canonical(members), self.all(members))
            .and_then(|trace| trace.steps().last())
            .map(|step| (&step.location.path, step.location.region))
            .filter(|sink| location.is_some() && location != Some(*sink));
        location.into_iter().chain(sink)
    }

    fn claims<'a>(&self, members: Members<'a>) -> Vec<Claim<'a>> {
        let mut claims = Vec::new();
        for own in self.all(members) {
            let path = own.finding.source().map(|source| &source.path);
            for source in &own.sources {
                let is_own = source.tool == own.finding.scanner.as_str() && source.rule == own.finding.rule;
                claims.push(Claim {
                    tool: &source.tool,
                    rule: &source.rule,
                    message: &source.message,
                    finding: is_own.then_some((&own.fingerprint, path)),
                });
            }
        }
        claims
    }

    fn shares_input(&self, other: &Self, members: Members<'_>) -> bool {
        let input = |index: &u32| members.inputs[*index as usize];
        let theirs = other.cluster.members.as_slice();
        self.cluster
            .members
            .as_slice()
            .iter()
            .any(|own| theirs.iter().any(|their| input(own) == input(their)))
    }
}

/// One tool's part in a cluster.
struct Claim<'a> {
    tool: &'a str,
    rule: &'a RuleId,
    message: &'a str,
    /// Which finding of the tool. Merged reports keep it for one of their sources only.
    finding: Option<(&'a Fingerprint, Option<&'a RepoPath>)>,
}

impl Claim<'_> {
    /// Whether two claims of one tool can be the same finding.
    fn same(&self, other: &Self, share_input: impl Fn() -> bool) -> bool {
        match (self.finding, other.finding) {
            (Some(a), Some(b)) => a == b && self.rule == other.rule,
            _ => self.rule == other.rule && self.message == other.message && !share_input(),
        }
    }
}

/// Groups members, which are in canonical order, into flaws.
pub(super) fn clusters(members: Members<'_>, routes: &[Route]) -> Vec<Cluster> {
    let mut nodes: Vec<Node> = same_fingerprint(members)
        .into_par_iter()
        .map(|members_of_one| Node::new(members, Cluster { members: members_of_one, because: Vec::new() }))
        .collect();
    loop {
        let found = pairs(&nodes, members, routes);
        let before = nodes.len();
        nodes = join(members, nodes, found);
        if nodes.len() == before {
            break;
        }
    }
    nodes.into_iter().map(|node| node.cluster).collect()
}

/// Members with the same fingerprint that also agree on tool, rule and file: a fingerprint alone may be
/// a constant.
fn same_fingerprint(members: Members<'_>) -> Vec<Indices> {
    let key = |index: u32| {
        let merged = &members.findings[index as usize];
        let path = merged.finding.source().map(|source| &source.path);
        (&merged.finding.scanner, &merged.finding.rule, path)
    };
    const END: u32 = u32::MAX;
    let mut groups: Vec<Indices> = Vec::with_capacity(members.findings.len());
    // Groups of one fingerprint form a chain; nearly all chains have one link.
    let mut next: Vec<u32> = Vec::with_capacity(members.findings.len());
    let mut first_of: FxHashMap<&Fingerprint, u32> = FxHashMap::default();
    first_of.reserve(members.findings.len());
    for (index, merged) in (0_u32..).zip(members.findings) {
        let start = first_of.get(&merged.fingerprint).copied().unwrap_or(END);
        let mut at = start;
        while at != END && key(groups[at as usize].as_slice()[0]) != key(index) {
            at = next[at as usize];
        }
        if at == END {
            first_of.insert(&merged.fingerprint, u32::try_from(groups.len()).unwrap_or(END));
            next.push(start);
            groups.push(Indices::One(index));
        } else {
            groups[at as usize].add(&Indices::One(index));
        }
    }
    groups
}

fn join(members: Members<'_>, mut nodes: Vec<Node>, pairs: Vec<Pair>) -> Vec<Node> {
    let mut parents: Vec<u32> = (0..u32::try_from(nodes.len()).unwrap_or(u32::MAX)).collect();
    let mut changed = vec![false; nodes.len()];
    for pair in pairs {
        let (a, b) = (root(&mut parents, pair.first), root(&mut parents, pair.second));
        if a == b {
            continue;
        }
        // The lower root stays, so that the outcome does not depend on sizes.
        let (low, high) = (a.min(b) as usize, a.max(b) as usize);
        if !fit(&nodes[low], &nodes[high], members) {
            continue;
        }
        let (head, tail) = nodes.split_at_mut(high);
        absorb(&mut head[low], &mut tail[0]);
        head[low].cluster.because.push(pair.because);
        parents[high] = parents[low];
        changed[low] = true;
    }
    let mut index = 0;
    nodes.retain_mut(|node| {
        let at = index;
        index += 1;
        if parents[at] as usize != at {
            return false;
        }
        if changed[at] {
            if let Indices::Many(list) = &mut node.cluster.members {
                list.sort_unstable();
            }
            node.describe(members);
        }
        true
    });
    nodes
}

fn root(parents: &mut [u32], of: u32) -> u32 {
    let mut at = of;
    while parents[at as usize] != at {
        let grandparent = parents[parents[at as usize] as usize];
        parents[at as usize] = grandparent;
        at = grandparent;
    }
    at
}

fn fit(a: &Node, b: &Node, members: Members<'_>) -> bool {
    if let (Some(a), Some(b)) = (a.spread, b.spread)
        && a.1.max(b.1) - a.0.min(b.0) > SPREAD
    {
        return false;
    }
    let theirs = b.claims(members);
    a.claims(members).iter().all(|claim| {
        let mut same_tool = theirs.iter().filter(|other| other.tool == claim.tool);
        same_tool.all(|other| claim.same(other, || a.shares_input(b, members)))
    })
}

fn absorb(into: &mut Node, from: &mut Node) {
    into.cluster.members.add(&from.cluster.members);
    into.cluster.because.append(&mut from.cluster.because);
    into.spread = match (into.spread, from.spread) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
}
