//! One result from several: the most precise location, the richest message, every source.

use std::collections::BTreeSet;

use tollgate_core::dependency::{PackageFinding, Reachability};
use tollgate_core::dynamic::EndpointFinding;
use tollgate_core::{
    BaselineState, Finding, MergedFinding, RepoPath, RuleId, ScannerId, Severity, Subject, Trace,
};

use super::cluster::{Cluster, Indices};

const MAX_RELATED: usize = 200;

/// Smaller is more precise: columns known, few lines, few columns.
pub(super) fn imprecision(finding: &MergedFinding) -> (u8, bool, u32, u32, Option<&RepoPath>, u32) {
    let Subject::Code(code) = &finding.finding.subject else {
        return (1, true, 0, 0, None, 0);
    };
    let region = code.location.region;
    let lines = region.end().line - region.start().line;
    let columns = if lines == 0 { region.end().column - region.start().column } else { 0 };
    (0, region.start() == region.end(), lines, columns, Some(&code.location.path), region.start().line)
}

/// Smaller names the result: Tollgate's own scanners before others, so that an import that comes and
/// goes does not change identities.
pub(super) fn seniority(finding: &MergedFinding) -> (usize, &ScannerId, &RuleId, &str) {
    let scanner = &finding.finding.scanner;
    let own = ScannerId::BUILT_IN.iter().position(|name| *name == scanner.as_str());
    (own.unwrap_or(ScannerId::BUILT_IN.len()), scanner, &finding.finding.rule, finding.fingerprint.as_str())
}

/// The data flow the result keeps.
pub(super) fn traced<'a>(
    canonical: &'a MergedFinding,
    mut members: impl Iterator<Item = &'a MergedFinding>,
) -> Option<&'a Trace> {
    canonical.finding.trace().or_else(|| members.find_map(|member| member.finding.trace()))
}

/// The result of each cluster. Clusters are in the order of their first members, so a result never needs
/// a slot that is still taken, and a million results need no second list.
pub(super) fn combine(findings: Vec<MergedFinding>, clusters: Vec<Cluster>) -> Vec<MergedFinding> {
    let mut slots: Vec<Option<MergedFinding>> = findings.into_iter().map(Some).collect();
    for (at, cluster) in clusters.into_iter().enumerate() {
        let result = match cluster.members {
            Indices::One(index) => slots[index as usize].take(),
            Indices::Many(members) => {
                let mut group: Vec<MergedFinding> =
                    members.iter().filter_map(|index| slots[*index as usize].take()).collect();
                let mut because: BTreeSet<String> = cluster.because.iter().map(|why| why.words()).collect();
                because.extend(group.iter_mut().flat_map(|one| std::mem::take(&mut one.merged_because)));
                combine_group(group, because)
            }
        };
        debug_assert!(slots[at].is_none());
        slots[at] = result;
    }
    slots.into_iter().flatten().collect()
}

fn combine_group(mut group: Vec<MergedFinding>, because: BTreeSet<String>) -> Option<MergedFinding> {
    let canonical = (0..group.len()).min_by_key(|index| seniority(&group[*index]))?;
    let located = (0..group.len()).min_by_key(|index| imprecision(&group[*index]))?;
    let location = match &group[located].finding.subject {
        Subject::Code(code) => Some(code.location.clone()),
        _ => None,
    };
    let trace = traced(&group[canonical], group.iter()).cloned();
    let message = richest_message(&group);
    let mut because = because;
    let suppressions = if group.iter().all(|member| !member.suppressions.is_empty()) {
        let all: BTreeSet<_> = group.iter().flat_map(|member| member.suppressions.iter().cloned()).collect();
        all.into_iter().collect()
    } else {
        because.extend(group.iter().flat_map(|member| &member.suppressions).map(|suppression| {
            let reason = suppression.justification.as_deref().unwrap_or("no reason given");
            format!("a suppression was set aside because another source does not have it: {reason}")
        }));
        Vec::new()
    };
    let mut result = group.remove(canonical);
    let mut sources: BTreeSet<_> = std::mem::take(&mut result.sources).into_iter().collect();
    let mut confirmed_by = std::mem::take(&mut result.confirmed_by);
    for other in group {
        sources.extend(other.sources);
        confirmed_by.extend(other.confirmed_by);
        result.baseline = stricter_state(result.baseline, other.baseline);
        result.first_seen = earlier(result.first_seen.take(), other.first_seen);
        absorb(&mut result.finding, other.finding);
    }
    confirmed_by.sort_by_cached_key(|finding| format!("{finding:?}"));
    confirmed_by.dedup();
    result.sources = sources.into_iter().collect();
    result.confirmed_by = confirmed_by;
    result.suppressions = suppressions;
    result.merged_because = because.into_iter().collect();
    result.finding.message = message;
    if let Subject::Code(code) = &mut result.finding.subject {
        if let Some(location) = location {
            code.location = location;
        }
        code.trace = trace;
    }
    Some(result)
}

/// The longest, of equals the first.
fn richest_message(group: &[MergedFinding]) -> String {
    let longest = group.iter().map(|member| &member.finding.message).max_by(|a, b| {
        (a.chars().count(), std::cmp::Reverse(a)).cmp(&(b.chars().count(), std::cmp::Reverse(b)))
    });
    longest.cloned().unwrap_or_default()
}

/// New over updated over unchanged over absent: what one report calls new is not known.
fn stricter_state(a: Option<BaselineState>, b: Option<BaselineState>) -> Option<BaselineState> {
    let weight = |state: &BaselineState| match state {
        BaselineState::New => 3,
        BaselineState::Updated => 2,
        BaselineState::Unchanged => 1,
        BaselineState::Absent => 0,
    };
    [a, b].into_iter().flatten().max_by_key(weight)
}

fn earlier(a: Option<String>, b: Option<String>) -> Option<String> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Adds what another finding of the same flaw knows. Severity never sinks.
fn absorb(into: &mut Finding, other: Finding) {
    into.severity = worse(into.severity, other.severity);
    into.score = into.score.max(other.score);
    into.confidence = into.confidence.max(other.confidence);
    into.cwes.extend(other.cwes);
    into.cwes.sort_unstable();
    into.cwes.dedup();
    into.related.extend(other.related);
    into.related.sort();
    into.related.dedup();
    into.related.truncate(MAX_RELATED);
    if into.fixes.is_empty() {
        into.fixes = other.fixes;
    }
    let other_rule = other.rule;
    match (&mut into.subject, other.subject) {
        (Subject::Code(own), Subject::Code(other)) => {
            if own.scope.is_empty() {
                own.scope = other.scope;
            }
            own.sensitive.extend(other.sensitive);
            own.sensitive.sort_unstable();
            own.sensitive.dedup();
        }
        (Subject::Package(own), Subject::Package(other)) => {
            let other_rule = (other_rule != into.rule).then_some(other_rule);
            absorb_package(own, *other, other_rule);
        }
        (Subject::Endpoint(own), Subject::Endpoint(other)) => absorb_endpoint(own, *other),
        _ => {}
    }
}

fn worse(a: Option<Severity>, b: Option<Severity>) -> Option<Severity> {
    a.max(b)
}

fn absorb_package(own: &mut PackageFinding, other: PackageFinding, other_rule: Option<RuleId>) {
    own.aliases.extend(other.aliases);
    own.aliases.extend(other_rule);
    own.aliases.sort();
    own.aliases.dedup();
    fill(&mut own.fixed_versions, other.fixed_versions);
    fill(&mut own.dependency_paths, other.dependency_paths);
    fill(&mut own.import_names, other.import_names);
    fill(&mut own.affected_symbols, other.affected_symbols);
    own.epss_ppm = own.epss_ppm.max(other.epss_ppm);
    own.kev |= other.kev;
    own.usage = own.usage.min(other.usage);
    own.upgrade = own.upgrade.take().or(other.upgrade);
    if own.reachability == Reachability::Unknown {
        own.reachability = other.reachability;
    }
    if own.version.is_empty() {
        own.version = other.version;
    }
    if own.purl.is_empty() {
        own.purl = other.purl;
    }
}

fn fill<T>(own: &mut Vec<T>, other: Vec<T>) {
    if own.is_empty() {
        *own = other;
    }
}

fn absorb_endpoint(own: &mut EndpointFinding, other: EndpointFinding) {
    fill(&mut own.evidence, other.evidence);
    own.marker = own.marker.take().or(other.marker);
    own.parameter = own.parameter.take().or(other.parameter);
    own.source = own.source.take().or(other.source);
    if own.curl.is_empty() {
        own.curl = other.curl;
    }
}
