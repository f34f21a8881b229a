//! Which results are the same flaw: union-find over candidate pairs, nearest first.

use rustc_hash::FxHashMap;
use tollgate_core::facts::Route;
use tollgate_core::{MergedFinding, Region, RepoPath, RuleId, Subject};

use super::candidates::{Because, Pair, pairs};
use crate::weakness::{Family, families};

/// A result and the number of the input it came from.
pub(super) struct Member {
    pub(super) finding: MergedFinding,
    pub(super) input: u32,
}

/// Members of one flaw, by index in order, and why they are one.
pub(super) struct Cluster {
    pub(super) members: Vec<u32>,
    pub(super) because: Vec<Because>,
}

/// Precise code findings of one flaw start within so many lines.
const SPREAD: u32 = 3;

/// What pairs are looked for among: a cluster as far as it is known, seen as the result it would give.
pub(super) struct Node<'a> {
    pub(super) cluster: Cluster,
    /// The member whose location the result keeps.
    pub(super) located: &'a MergedFinding,
    /// The member that gives the result its name.
    pub(super) canonical: &'a MergedFinding,
    pub(super) families: Vec<Family>,
    /// Regions that tell the flaw: the location and the sink of the data flow.
    pub(super) regions: Vec<(&'a RepoPath, Region)>,
    claims: Vec<Claim<'a>>,
    inputs: Vec<u32>,
    /// First and last line precise members start on; `None` without one.
    spread: Option<(u32, u32)>,
}

/// One tool's part in a cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim<'a> {
    tool: &'a str,
    rule: &'a RuleId,
    message: &'a str,
    /// Which finding of the tool: the first member with its fingerprint. Merged reports keep it for one
    /// of their sources only.
    finding: Option<u32>,
}

impl Claim<'_> {
    /// Whether two claims of one tool can be the same finding.
    fn same(&self, other: &Self, inputs_differ: bool) -> bool {
        match (self.finding, other.finding) {
            (Some(a), Some(b)) => a == b,
            _ => self.rule == other.rule && self.message == other.message && inputs_differ,
        }
    }
}

/// Groups members, which are in canonical order, into flaws.
pub(super) fn clusters(members: &[Member], routes: &[Route]) -> Vec<Cluster> {
    let mut nodes: Vec<Node<'_>> = same_fingerprint(members)
        .into_iter()
        .map(|group| {
            let first = group[0];
            node(members, Cluster { members: group, because: Vec::new() }, first)
        })
        .collect();
    loop {
        let found = pairs(&nodes, routes);
        if found.is_empty() {
            break;
        }
        let before = nodes.len();
        nodes = join(members, nodes, &found);
        if nodes.len() == before {
            break;
        }
    }
    nodes.into_iter().map(|node| node.cluster).collect()
}

/// Members with the same fingerprint that also agree on tool, rule and file: a fingerprint alone may be
/// a constant.
fn same_fingerprint(members: &[Member]) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::with_capacity(members.len());
    let mut by_key = FxHashMap::default();
    by_key.reserve(members.len());
    for (index, member) in (0_u32..).zip(members) {
        let finding = &member.finding.finding;
        let path = finding.source().map(|source| &source.path);
        let key = (&member.finding.fingerprint, &finding.scanner, &finding.rule, path);
        let group = *by_key.entry(key).or_insert_with(|| {
            groups.push(Vec::with_capacity(1));
            groups.len() - 1
        });
        groups[group].push(index);
    }
    groups
}

fn node<'a>(members: &'a [Member], cluster: Cluster, first: u32) -> Node<'a> {
    let of = |index: &u32| &members[*index as usize];
    let mut claims = Vec::with_capacity(1);
    let mut inputs = Vec::with_capacity(1);
    for member in cluster.members.iter().map(of) {
        let own = &member.finding;
        for source in &own.sources {
            let is_own = source.tool == own.finding.scanner.as_str() && source.rule == own.finding.rule;
            claims.push(Claim {
                tool: &source.tool,
                rule: &source.rule,
                message: &source.message,
                finding: is_own.then_some(first),
            });
        }
        inputs.push(member.input);
    }
    claims.sort_unstable();
    claims.dedup();
    inputs.sort_unstable();
    inputs.dedup();
    let mut node = Node {
        located: &of(&cluster.members[0]).finding,
        canonical: &of(&cluster.members[0]).finding,
        cluster,
        families: Vec::new(),
        regions: Vec::new(),
        claims,
        inputs,
        spread: None,
    };
    describe(members, &mut node);
    node
}

/// Looks at a cluster as the result it would give.
fn describe<'a>(members: &'a [Member], node: &mut Node<'a>) {
    let of = |index: &u32| &members[*index as usize].finding;
    let all = || node.cluster.members.iter().map(of);
    node.located = all().min_by_key(|finding| super::combine::imprecision(finding)).unwrap_or(node.located);
    node.canonical = all().min_by_key(|finding| super::combine::seniority(finding)).unwrap_or(node.canonical);
    node.families = all().flat_map(|finding| families(&finding.finding)).collect();
    node.families.sort_unstable();
    node.families.dedup();
    node.regions.clear();
    node.spread = None;
    if let Subject::Code(code) = &node.located.finding.subject {
        node.regions.push((&code.location.path, code.location.region));
    }
    let traced = super::combine::traced(node.canonical, node.cluster.members.iter().map(of));
    let sink = traced.and_then(|trace| trace.steps().last()).map(|step| &step.location);
    let anchor = match (sink, node.regions.first()) {
        (Some(sink), Some((path, region))) => {
            if (*path, *region) != (&sink.path, sink.region) {
                node.regions.push((&sink.path, sink.region));
            }
            Some(sink.region)
        }
        (_, first) => first.map(|(_, region)| *region),
    };
    node.spread = anchor
        .filter(|region| region.end().line - region.start().line <= SPREAD)
        .map(|region| (region.start().line, region.start().line));
}

fn join<'a>(members: &'a [Member], mut nodes: Vec<Node<'a>>, pairs: &[Pair]) -> Vec<Node<'a>> {
    let mut parents: Vec<u32> = (0..u32::try_from(nodes.len()).unwrap_or(u32::MAX)).collect();
    let mut changed = vec![false; nodes.len()];
    for pair in pairs {
        let (a, b) = (root(&mut parents, pair.first), root(&mut parents, pair.second));
        if a == b {
            continue;
        }
        // The lower root stays, so that the outcome does not depend on sizes.
        let (low, high) = (a.min(b) as usize, a.max(b) as usize);
        if !fit(&nodes[low], &nodes[high]) {
            continue;
        }
        let (head, tail) = nodes.split_at_mut(high);
        absorb(&mut head[low], &mut tail[0]);
        head[low].cluster.because.push(pair.because.clone());
        parents[high] = parents[low];
        changed[low] = true;
    }
    let mut kept = Vec::with_capacity(nodes.len());
    for (index, mut node) in nodes.into_iter().enumerate() {
        if parents[index] as usize != index {
            continue;
        }
        if changed[index] {
            node.cluster.members.sort_unstable();
            describe(members, &mut node);
        }
        kept.push(node);
    }
    kept
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

fn fit(a: &Node<'_>, b: &Node<'_>) -> bool {
    if let (Some(a), Some(b)) = (a.spread, b.spread)
        && a.1.max(b.1) - a.0.min(b.0) > SPREAD
    {
        return false;
    }
    let inputs_differ = !a.inputs.iter().any(|input| b.inputs.contains(input));
    a.claims.iter().all(|claim| {
        b.claims.iter().filter(|other| other.tool == claim.tool).all(|other| claim.same(other, inputs_differ))
    })
}

fn absorb<'a>(into: &mut Node<'a>, from: &mut Node<'a>) {
    into.cluster.members.append(&mut from.cluster.members);
    into.cluster.because.append(&mut from.cluster.because);
    into.claims.append(&mut from.claims);
    into.claims.sort_unstable();
    into.claims.dedup();
    into.inputs.append(&mut from.inputs);
    into.inputs.sort_unstable();
    into.inputs.dedup();
    into.spread = match (into.spread, from.spread) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
}
