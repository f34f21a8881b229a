//! One finding, once: what several scanners, tools or shards say of the same flaw becomes one result
//! that keeps every source.
//!
//! Two results are the same flaw when
//! - they have the same fingerprint, or
//! - different tools report them and they are code with the same weakness (`weakness`) in the
//!   same file on overlapping regions or with the same data-flow sink; or the same package with a common
//!   advisory id; or the same method, route, parameter and weakness.
//!
//! Sameness is transitive, with one bound: a merged result holds at most one finding of each tool, so
//! two findings of one tool are never glued together through a third. Where sameness offers a choice,
//! the nearest pair is joined first. The result does not depend on the order of the input, and merging a
//! merged result changes nothing.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tollgate_core::facts::Route;
use tollgate_core::{Finding, Fingerprint, MergedFinding, Source, Subject};

use crate::fingerprint::fingerprints;

mod candidates;
mod cluster;
mod combine;

/// Findings as results with one source each, with their fingerprints. All findings of one scan must be
/// lifted together; they may come in parts, each of which is freed as soon as it is lifted.
#[must_use]
pub fn lift(parts: Vec<Vec<Finding>>) -> Vec<MergedFinding> {
    let mut fingerprints = fingerprints(parts.iter().flatten()).into_iter();
    let mut lifted = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        lifted.extend(part.into_iter().zip(fingerprints.by_ref()).map(|(one, print)| lift_one(one, print)));
    }
    lifted
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
    let mut findings: Vec<MergedFinding> = Vec::new();
    let mut numbers: Vec<u32> = Vec::new();
    for (number, input) in (0_u32..).zip(inputs) {
        numbers.resize(numbers.len() + input.len(), number);
        if findings.is_empty() {
            findings = input;
        } else {
            findings.extend(input);
        }
    }
    sort_both(&mut findings, &mut numbers);
    let clusters = cluster::clusters(cluster::Members { findings: &findings, inputs: &numbers }, routes);
    drop(numbers);
    let mut merged = combine::combine(findings, clusters);
    merged.par_sort_unstable_by(by_place);
    part_equal_fingerprints(&mut merged);
    merged
}

/// Sorts findings by place, and with them the numbers of their inputs, without a second list of findings.
fn sort_both(findings: &mut [MergedFinding], numbers: &mut [u32]) {
    let mut order: Vec<u32> = (0..u32::try_from(findings.len()).unwrap_or(u32::MAX)).collect();
    order.par_sort_by(|a, b| {
        let (a, b) = (*a as usize, *b as usize);
        by_place(&findings[a], &findings[b]).then(numbers[a].cmp(&numbers[b]))
    });
    // Each cycle of the permutation is walked once; a slot that is done points to itself.
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = order[at] as usize;
            order[at] = u32::try_from(at).unwrap_or(u32::MAX);
            if from == start || from == at {
                break;
            }
            findings.swap(at, from);
            numbers.swap(at, from);
            at = from;
        }
    }
}

/// The order of places: path, region, then who says what. Equal only for findings that say the same.
fn by_place(a: &MergedFinding, b: &MergedFinding) -> Ordering {
    let place = |finding: &'_ MergedFinding| {
        finding.finding.source().map(|source| (source.region.start(), source.region.end()))
    };
    path_of(a)
        .cmp(&path_of(b))
        .then_with(|| place(a).cmp(&place(b)))
        .then_with(|| a.finding.scanner.cmp(&b.finding.scanner))
        .then_with(|| a.finding.rule.cmp(&b.finding.rule))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        .then_with(|| a.finding.message.cmp(&b.finding.message))
        .then_with(|| a.sources.cmp(&b.sources))
        .then_with(|| a.finding.severity.cmp(&b.finding.severity))
        .then_with(|| a.finding.confidence.cmp(&b.finding.confidence))
        .then_with(|| endpoint_key(a).cmp(&endpoint_key(b)))
}

fn path_of(merged: &MergedFinding) -> Option<&str> {
    merged.finding.source().map(|source| source.path.as_str())
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
    let mut seen: FxHashMap<&Fingerprint, u32> = FxHashMap::default();
    seen.reserve(merged.len());
    let mut repeated: Vec<(usize, u32)> = Vec::new();
    for (at, finding) in merged.iter().enumerate() {
        let count = seen.entry(&finding.fingerprint).or_insert(0);
        *count += 1;
        if *count > 1 {
            repeated.push((at, *count));
        }
    }
    drop(seen);
    for (at, count) in repeated {
        let finding = &mut merged[at];
        finding.fingerprint = Fingerprint::of_parts([
            "tollgate/v1 shared",
            finding.fingerprint.as_str(),
            finding.finding.rule.as_str(),
            path_of(finding).unwrap_or_default(),
            &count.to_string(),
        ]);
    }
}

#[cfg(test)]
mod tests;
