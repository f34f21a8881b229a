//! One finding, once: what several scanners, tools or shards say of the same flaw becomes one result
//! that keeps every source.
//!
//! Two results are the same flaw when
//! - they have the same fingerprint, or
//! - different tools report them and they are code with the same weakness ([`crate::weakness`]) in the
//!   same file on overlapping regions or with the same data-flow sink; or the same package with a common
//!   advisory id; or the same method, route, parameter and weakness.
//!
//! Sameness is transitive, with one bound: a merged result holds at most one finding of each tool, so
//! two findings of one tool are never glued together through a third. Where sameness offers a choice,
//! the nearest pair is joined first. The result does not depend on the order of the input, and merging a
//! merged result changes nothing.

use std::cmp::Ordering;

use tollgate_core::facts::Route;
use tollgate_core::{Finding, Fingerprint, MergedFinding, RepoPath, Source, Subject};

use crate::fingerprint::fingerprints;

mod candidates;
mod cluster;
mod combine;

/// Findings as results with one source each, with their fingerprints. All findings of one scan must be
/// lifted together.
#[must_use]
pub fn lift(findings: Vec<Finding>) -> Vec<MergedFinding> {
    let fingerprints = fingerprints(&findings);
    findings.into_iter().zip(fingerprints).map(|(finding, print)| lift_one(finding, print)).collect()
}

fn lift_one(finding: Finding, fingerprint: Fingerprint) -> MergedFinding {
    MergedFinding {
        sources: vec![Source {
            tool: finding.scanner.to_string(),
            rule: finding.rule.clone(),
            severity: finding.severity,
            message: finding.message.clone(),
        }],
        suppressions: finding.suppressions.clone(),
        finding,
        fingerprint,
        confirmed_by: Vec::new(),
        merged_because: Vec::new(),
        baseline: None,
        first_seen: None,
        rank: 0,
    }
}

/// Merges results. Each input is a set that was merged before or comes from one scan; `routes` tell which
/// URLs are the same endpoint. The result is sorted by place.
#[must_use]
pub fn merge(inputs: Vec<Vec<MergedFinding>>, routes: &[Route]) -> Vec<MergedFinding> {
    let mut members: Vec<cluster::Member> = Vec::with_capacity(inputs.iter().map(Vec::len).sum());
    for (number, input) in inputs.into_iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        members.extend(input.into_iter().map(|finding| cluster::Member { finding, input: number }));
    }
    members.sort_by(|a, b| by_place(&a.finding, &b.finding).then(a.input.cmp(&b.input)));
    let clusters = cluster::clusters(&members, routes);
    let mut merged = combine::combine(members, clusters);
    merged.sort_by(by_place);
    part_equal_fingerprints(&mut merged);
    merged
}

/// The order of places: path, region, then who says what. Equal only for findings that say the same.
fn by_place(a: &MergedFinding, b: &MergedFinding) -> Ordering {
    let path = |finding: &MergedFinding| finding.finding.source().map(|source| source.path.clone());
    let region = |finding: &MergedFinding| {
        finding.finding.source().map(|source| (source.region.start(), source.region.end()))
    };
    compare_paths(path(a).as_ref(), path(b).as_ref())
        .then_with(|| region(a).cmp(&region(b)))
        .then_with(|| a.finding.scanner.cmp(&b.finding.scanner))
        .then_with(|| a.finding.rule.cmp(&b.finding.rule))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        .then_with(|| a.finding.message.cmp(&b.finding.message))
        .then_with(|| a.sources.cmp(&b.sources))
        .then_with(|| a.finding.severity.cmp(&b.finding.severity))
        .then_with(|| a.finding.confidence.cmp(&b.finding.confidence))
        .then_with(|| endpoint_key(a).cmp(&endpoint_key(b)))
}

fn compare_paths(a: Option<&RepoPath>, b: Option<&RepoPath>) -> Ordering {
    a.cmp(&b)
}

fn endpoint_key(finding: &MergedFinding) -> Option<(&str, &str)> {
    match &finding.finding.subject {
        Subject::Endpoint(endpoint) => Some((&endpoint.method, &endpoint.url)),
        _ => None,
    }
}

/// Reports of other runs may claim one fingerprint for several findings; each but the first gets one of
/// its own.
fn part_equal_fingerprints(merged: &mut [MergedFinding]) {
    let mut seen: rustc_hash::FxHashMap<Fingerprint, u32> = rustc_hash::FxHashMap::default();
    seen.reserve(merged.len());
    for finding in merged {
        let count = seen.entry(finding.fingerprint.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let path = finding.finding.source().map_or("", |source| source.path.as_str()).to_owned();
            finding.fingerprint = Fingerprint::of_parts([
                "tollgate/v1 shared",
                finding.fingerprint.as_str(),
                finding.finding.rule.as_str(),
                &path,
                &count.to_string(),
            ]);
        }
    }
}

#[cfg(test)]
mod tests;
