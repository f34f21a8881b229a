//! Advisories of one flaw on one package are one: ids and aliases join them, transitively.

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use tollgate_core::{Cwe, RuleId, Severity};

use crate::matching::AdvisoryMatch;
use crate::osv::{Informational, Rating};
use crate::version::version_key;

/// A flaw of a package, with every advisory that speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlawGroup {
    /// The id that stands for all: the ecosystem's own database first, then GitHub's, then others.
    pub id: RuleId,
    /// All other ids, sorted.
    pub aliases: Vec<RuleId>,
    /// The advisories, the one with `id` first, then by id.
    pub members: Vec<AdvisoryMatch>,
    /// The worst rating of a member that is a vulnerability; `None` where nobody scored it.
    pub rating: Option<Rating>,
    /// Set where every member is a notice rather than a vulnerability.
    pub informational: Option<Informational>,
    /// One line; may be empty.
    pub summary: String,
    /// Markdown; may be empty.
    pub details: String,
    /// Weaknesses, sorted.
    pub cwes: Vec<Cwe>,
    /// Later versions with the fix, smallest first.
    pub fixed_versions: Vec<String>,
    /// Affected symbols, sorted.
    pub affected_symbols: Vec<String>,
    /// Web pages, those of the first member first.
    pub references: Vec<String>,
    /// Whether it is known to be exploited.
    pub kev: bool,
    /// The highest EPSS probability of a member, in millionths.
    pub epss_ppm: Option<u32>,
}

impl FlawGroup {
    /// Severity for reports: a notice is [`Severity::Info`] whatever its score.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.informational {
            Some(_) => Some(Severity::Info),
            None => self.rating.map(|rating| rating.severity),
        }
    }
}

/// Groups the advisories that apply to one version of one package; sorted by id. The order of the input
/// does not matter.
#[must_use]
pub fn group(mut matches: Vec<AdvisoryMatch>) -> Vec<FlawGroup> {
    matches.sort_by(|a, b| rank(&a.id).cmp(&rank(&b.id)));
    let keys = matches.iter().map(|advisory| {
        let ids = std::iter::once(&advisory.id).chain(&advisory.aliases).map(Key::Id);
        ids.chain([Key::Flaw(advisory.flaw)]).collect::<Vec<_>>()
    });
    let joined = join(keys);
    let mut groups: BTreeMap<usize, Vec<AdvisoryMatch>> = BTreeMap::new();
    for (advisory, first) in matches.into_iter().zip(joined) {
        groups.entry(first).or_default().push(advisory);
    }
    let mut groups: Vec<FlawGroup> = groups.into_values().filter_map(merge).collect();
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    groups
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Id(&'a RuleId),
    Flaw((usize, u32)),
}

/// Joins items that share a key, transitively: for each item, the first one it is joined with.
pub(crate) fn join<K: Hash + Eq, I: IntoIterator<Item = K>>(items: impl Iterator<Item = I>) -> Vec<usize> {
    let mut parent: Vec<usize> = Vec::new();
    let mut owner: FxHashMap<K, usize> = FxHashMap::default();
    for (at, keys) in items.enumerate() {
        parent.push(at);
        for key in keys {
            let other = *owner.entry(key).or_insert(at);
            let (a, b) = (root(&mut parent, at), root(&mut parent, other));
            // The smaller one leads, so that the root is the first item.
            parent[a.max(b)] = a.min(b);
        }
    }
    (0..parent.len()).map(|at| root(&mut parent, at)).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// How well an id stands for a flaw; smaller is better.
fn rank(id: &RuleId) -> (usize, &RuleId) {
    const BEST_FIRST: [&str; 6] = ["RUSTSEC-", "PYSEC-", "GO-", "EEF-", "DRUPAL-", "GHSA-"];
    (BEST_FIRST.iter().position(|prefix| id.as_str().starts_with(prefix)).unwrap_or(BEST_FIRST.len()), id)
}

fn merge(members: Vec<AdvisoryMatch>) -> Option<FlawGroup> {
    let first = members.first()?;
    let id = first.id.clone();
    let ecosystem = first.ecosystem;
    let mut aliases: Vec<RuleId> = members
        .iter()
        .flat_map(|member| std::iter::once(&member.id).chain(&member.aliases))
        .filter(|alias| **alias != id)
        .cloned()
        .collect();
    aliases.sort();
    aliases.dedup();
    let mut cwes: Vec<Cwe> = members.iter().flat_map(|member| member.cwes.iter().copied()).collect();
    cwes.sort_unstable();
    cwes.dedup();
    let mut symbols: Vec<String> =
        members.iter().flat_map(|member| member.affected_symbols.clone()).collect();
    symbols.sort();
    symbols.dedup();
    let mut fixed: Vec<String> = members.iter().flat_map(|member| member.fixed_versions.clone()).collect();
    fixed.sort_by_cached_key(|text| (version_key(ecosystem, text), text.clone()));
    fixed.dedup();
    let mut references: Vec<String> = Vec::new();
    for reference in members.iter().flat_map(|member| &member.references) {
        if !references.contains(reference) {
            references.push(reference.clone());
        }
    }
    let text = |part: fn(&AdvisoryMatch) -> &String| {
        members.iter().map(part).find(|text| !text.is_empty()).cloned().unwrap_or_default()
    };
    let notice = members.iter().all(|member| member.informational.is_some());
    Some(FlawGroup {
        aliases,
        rating: members
            .iter()
            .filter(|member| notice || member.informational.is_none())
            .filter_map(|m| m.rating)
            .max(),
        informational: first.informational.filter(|_| notice),
        summary: text(|member| &member.summary),
        details: text(|member| &member.details),
        cwes,
        fixed_versions: fixed,
        affected_symbols: symbols,
        references,
        kev: members.iter().any(|member| member.kev),
        epss_ppm: members.iter().filter_map(|member| member.epss_ppm).max(),
        id,
        members,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::Ecosystem;

    fn advisory(id: &str, aliases: &[&str]) -> AdvisoryMatch {
        AdvisoryMatch {
            ecosystem: Ecosystem::PyPi,
            package: "p".to_owned(),
            id: RuleId::parse(id).unwrap(),
            aliases: aliases.iter().map(|alias| RuleId::parse(alias).unwrap()).collect(),
            summary: String::new(),
            details: String::new(),
            rating: None,
            rating_from: None,
            informational: None,
            cwes: Vec::new(),
            fixed_versions: Vec::new(),
            affected_ranges: String::new(),
            affected_symbols: Vec::new(),
            references: Vec::new(),
            kev: false,
            epss_ppm: None,
            // Every advisory its own flaw, as far as the index knows.
            flaw: (0, u32::from_be_bytes(*id.as_bytes().last_chunk().unwrap())),
        }
    }

    fn check(matches: Vec<AdvisoryMatch>, expected: &[&[&str]]) {
        let groups = group(matches);
        let found: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| std::iter::once(&group.id).chain(&group.aliases).map(RuleId::as_str).collect())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn aliases_join_whoever_names_them() {
        check(
            vec![
                advisory("GHSA-aaaa", &["CVE-1"]),
                advisory("PYSEC-0001", &["CVE-1"]),
                advisory("GHSA-bbbb", &[]),
            ],
            &[&["GHSA-bbbb"], &["PYSEC-0001", "CVE-1", "GHSA-aaaa"]],
        );
        check(
            vec![advisory("x_AB-0001", &["GHSA-aaaa"]), advisory("GHSA-aaaa", &[])],
            &[&["GHSA-aaaa", "x_AB-0001"]],
        );
    }

    #[test]
    fn the_worst_rating_counts_and_notices_do_not() {
        let rated = |id: &str, severity, informational| AdvisoryMatch {
            rating: Some(Rating { severity, score: None }),
            informational,
            ..advisory(id, &["CVE-1"])
        };
        let groups = group(vec![
            rated("RUSTSEC-0001", Severity::Critical, Some(Informational::Unsound)),
            rated("GHSA-aaaa", Severity::Low, None),
        ]);
        assert_eq!((groups.len(), groups[0].severity()), (1, Some(Severity::Low)));
        let groups = group(vec![rated("RUSTSEC-0001", Severity::High, Some(Informational::Unmaintained))]);
        assert_eq!(groups[0].severity(), Some(Severity::Info));
    }

    proptest! {
        #[test]
        fn grouping_is_transitive_and_ignores_order(
            aliases in prop::collection::vec(prop::collection::vec(0_u8..6, 0..3), 1..8), seed in any::<u64>(),
        ) {
            let matches: Vec<AdvisoryMatch> = aliases
                .iter()
                .enumerate()
                .map(|(at, aliases)| {
                    let aliases: Vec<String> = aliases.iter().map(|alias| format!("CVE-{alias}")).collect();
                    advisory(&format!("GHSA-{at:04}"), &aliases.iter().map(String::as_str).collect::<Vec<_>>())
                })
                .collect();
            let groups = group(matches.clone());
            let place = |id: &RuleId| groups.iter().position(|group| group.members.iter().any(|m| m.id == *id));
            for a in &matches {
                for b in &matches {
                    if a.aliases.iter().any(|alias| b.aliases.contains(alias)) {
                        prop_assert_eq!(place(&a.id), place(&b.id));
                    }
                }
            }
            let mut shuffled = matches;
            let turn = usize::try_from(seed % shuffled.len() as u64).unwrap();
            shuffled.rotate_left(turn);
            prop_assert_eq!(group(shuffled), groups);
        }
    }
}
