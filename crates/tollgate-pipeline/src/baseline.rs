//! What was there before: states of findings against an earlier scan.
//!
//! Matching goes in steps, each over what the steps before left, one finding to one: the same
//! fingerprint; the same flaw that moved to another path; the nearest of the same rule in the same scope.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use tollgate_core::report::ScannerSummary;
use tollgate_core::{BaselineState, MergedFinding, RepoPath, Report, Subject};

use crate::fingerprint::fold_text;

/// How far an altered finding may have moved inside a known scope, and without one, in lines.
const NEAR_IN_SCOPE: u32 = 20;
const NEAR: u32 = 3;

/// Findings of an earlier scan.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    entries: Vec<MergedFinding>,
}

/// Why a report cannot become a baseline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// The scan did not see everything.
    #[error("write a baseline from an incomplete scan: {0}")]
    Incomplete(String),
}

/// What the present scan looked at.
#[derive(Debug, Clone, Default)]
pub struct BaselineScope {
    /// With `--since`: the files that were scanned because they changed; `None`: all were.
    pub changed: Option<BTreeSet<RepoPath>>,
    /// Files that moved, from old to new path, where known.
    pub renames: BTreeMap<RepoPath, RepoPath>,
    /// Scanners and tools that ran to the end; `None`: those whose summaries say so.
    pub completed: Option<BTreeSet<String>>,
}

impl Baseline {
    /// Findings of an earlier report, or of a scan of an earlier revision. `recorded` is when they were
    /// found; findings that know no earlier day take it as first seen.
    #[must_use]
    pub fn new(mut entries: Vec<MergedFinding>, recorded: Option<Date>) -> Self {
        entries.retain(|entry| entry.baseline != Some(BaselineState::Absent));
        let recorded = recorded.map(|date| date.to_string());
        for entry in &mut entries {
            if entry.first_seen.is_none() {
                entry.first_seen.clone_from(&recorded);
            }
        }
        entries.sort_by(|a, b| place(a).cmp(&place(b)));
        Self { entries }
    }

    /// How many findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Checks that a report may be written as a baseline.
    ///
    /// # Errors
    /// When the scan was incomplete: what it did not see would be new the next time.
    pub fn check_complete(report: &Report) -> Result<(), BaselineError> {
        let unfinished = report.scanners.iter().find(|summary| !summary.complete);
        let gap = report.verdict.gaps().first().map(|gap| gap.reason.clone());
        match gap
            .or_else(|| unfinished.map(|summary| format!("scanner `{}` did not finish", summary.scanner)))
        {
            Some(reason) => Err(BaselineError::Incomplete(reason)),
            None => Ok(()),
        }
    }
}

/// Gives every finding its state and adds what only the baseline has: as absent where this scan looked
/// and found nothing, as unchanged where it did not look.
#[must_use]
pub fn compare(
    mut findings: Vec<MergedFinding>,
    baseline: &Baseline,
    scope: &BaselineScope,
    scanners: &[ScannerSummary],
) -> Vec<MergedFinding> {
    let mut matching = Matching::new(&findings, &baseline.entries);
    matching.by_fingerprint();
    matching.by_content(scope);
    matching.by_nearness(scope);
    let Matching { of_finding, of_entry, .. } = matching;
    for (finding, matched) in findings.iter_mut().zip(of_finding) {
        match matched {
            Some((entry, state)) => {
                finding.baseline = Some(state);
                let known = baseline.entries[entry].first_seen.clone();
                finding.first_seen = match (finding.first_seen.take(), known) {
                    (Some(own), Some(known)) => Some(own.min(known)),
                    (own, known) => own.or(known),
                };
            }
            None => finding.baseline = Some(BaselineState::New),
        }
    }
    for (entry, matched) in baseline.entries.iter().zip(of_entry) {
        if !matched && let Some(state) = state_of_unmatched(entry, scope, scanners) {
            let mut entry = entry.clone();
            entry.baseline = Some(state);
            // The present configuration decides about waivers and VEX again.
            entry.suppressions = entry.finding.suppressions.clone();
            findings.push(entry);
        }
    }
    findings
}

/// `None`: none of its scanners took part, so there is nothing to say.
fn state_of_unmatched(
    entry: &MergedFinding,
    scope: &BaselineScope,
    scanners: &[ScannerSummary],
) -> Option<BaselineState> {
    let of_entry = || {
        let tools = entry.sources.iter().map(|source| source.tool.as_str());
        tools.filter_map(|tool| scanners.iter().find(|summary| summary.scanner.as_str() == tool))
    };
    of_entry().next()?;
    let path = entry.finding.source().map(|source| &source.path);
    let path = path.map(|path| scope.renames.get(path).unwrap_or(path));
    let untouched = match (&scope.changed, path) {
        (Some(changed), Some(path)) => !changed.contains(path) && !scope.renames.contains_key(path),
        _ => false,
    };
    let finished = |summary: &ScannerSummary| {
        let listed = scope.completed.as_ref();
        summary.complete && listed.is_none_or(|names| names.contains(summary.scanner.as_str()))
    };
    let unfinished = !of_entry().all(finished);
    Some(if untouched || unfinished { BaselineState::Unchanged } else { BaselineState::Absent })
}

struct Matching<'a> {
    findings: &'a [MergedFinding],
    entries: &'a [MergedFinding],
    of_finding: Vec<Option<(usize, BaselineState)>>,
    of_entry: Vec<bool>,
}

impl<'a> Matching<'a> {
    fn new(findings: &'a [MergedFinding], entries: &'a [MergedFinding]) -> Self {
        Self {
            findings,
            entries,
            of_finding: vec![None; findings.len()],
            of_entry: vec![false; entries.len()],
        }
    }

    fn set(&mut self, finding: usize, entry: usize, state: BaselineState) {
        self.of_finding[finding] = Some((entry, state));
        self.of_entry[entry] = true;
    }

    fn open_findings(&self) -> impl Iterator<Item = usize> + use<'a> {
        let open: Vec<usize> =
            (0..self.findings.len()).filter(|index| self.of_finding[*index].is_none()).collect();
        open.into_iter()
    }

    /// Entries nobody took yet, by a key, each list in order.
    fn open_entries<K: std::hash::Hash + Eq>(
        &self,
        key: impl Fn(&'a MergedFinding) -> Option<K>,
    ) -> FxHashMap<K, Vec<usize>> {
        let mut by_key: FxHashMap<K, Vec<usize>> = FxHashMap::default();
        for (index, entry) in self.entries.iter().enumerate() {
            if !self.of_entry[index]
                && let Some(key) = key(entry)
            {
                by_key.entry(key).or_default().push(index);
            }
        }
        by_key
    }

    fn by_fingerprint(&mut self) {
        let mut entries = self.open_entries(|entry| Some(&entry.fingerprint));
        for finding in self.open_findings() {
            let known = entries.get_mut(&self.findings[finding].fingerprint);
            if let Some(entry) = known.filter(|list| !list.is_empty()).map(|list| list.remove(0)) {
                self.set(finding, entry, BaselineState::Unchanged);
            }
        }
    }

    /// The same flaw at another path: the file moved, alone or with its folder.
    fn by_content(&mut self, scope: &BaselineScope) {
        let mut entries = self.open_entries(content);
        for finding in self.open_findings() {
            let Some(content) = content(&self.findings[finding]) else { continue };
            let Some(list) = entries.get_mut(&content) else { continue };
            let fits = |entry: &usize| closeness(&self.findings[finding], &self.entries[*entry], scope);
            let best = (0..list.len()).max_by_key(|at| (fits(&list[*at]), std::cmp::Reverse(*at)));
            if let Some(best) = best {
                let entry = list.remove(best);
                self.set(finding, entry, BaselineState::Updated);
            }
        }
    }

    /// The same rule in the same scope of the same file, altered or pushed about.
    fn by_nearness(&mut self, scope: &BaselineScope) {
        let entries = self.open_entries(|entry| neighbourhood(entry, Some(scope)));
        let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
        for finding in self.open_findings() {
            let Some(own) = neighbourhood(&self.findings[finding], None) else { continue };
            let Some(list) = entries.get(&own) else { continue };
            let limit = if own.2.is_empty() { NEAR } else { NEAR_IN_SCOPE };
            let line = line_of(&self.findings[finding]);
            let from = list.partition_point(|entry| line_of(&self.entries[*entry]) + limit < line);
            let near =
                list[from..].iter().take_while(|entry| line_of(&self.entries[**entry]) <= line + limit);
            pairs.extend(
                near.take(16).map(|entry| (line_of(&self.entries[*entry]).abs_diff(line), finding, *entry)),
            );
        }
        pairs.sort_unstable();
        for (_, finding, entry) in pairs {
            if self.of_finding[finding].is_none() && !self.of_entry[entry] {
                self.set(finding, entry, BaselineState::Updated);
            }
        }
    }
}

type Place<'a> = (Option<&'a str>, u32, &'a str, &'a str);

fn place(merged: &MergedFinding) -> Place<'_> {
    let path = merged.finding.source().map(|source| source.path.as_str());
    (path, line_of(merged), merged.finding.rule.as_str(), merged.fingerprint.as_str())
}

fn line_of(merged: &MergedFinding) -> u32 {
    merged.finding.source().map_or(0, |source| source.region.start().line)
}

/// What stays the same when a file moves: tool, rule and the flawed line itself, which earlier reports
/// hold as GitHub's line hash or as a snippet.
fn content(merged: &MergedFinding) -> Option<(&str, &str, String)> {
    let finding = &merged.finding;
    let what = match &finding.subject {
        Subject::Package(package) => format!("{}\0{}", package.ecosystem, package.package),
        Subject::Code(_) | Subject::Endpoint(_) => {
            let source = finding.source()?;
            match (&source.line_hash, &source.snippet) {
                (Some(hash), _) => hash.as_str().split(':').next().unwrap_or_default().to_owned(),
                (None, Some(snippet)) => {
                    let skip = source.region.start().line.checked_sub(snippet.first_line)?;
                    fold_text(snippet.text.lines().nth(skip as usize)?)
                }
                (None, None) => return None,
            }
        }
        Subject::Nowhere => return None,
    };
    Some((finding.scanner.as_str(), finding.rule.as_str(), what))
}

/// How likely an entry is the finding's former self: known rename, same path, same name, else.
fn closeness(
    finding: &MergedFinding,
    entry: &MergedFinding,
    scope: &BaselineScope,
) -> (u8, std::cmp::Reverse<u32>) {
    let nearness = std::cmp::Reverse(line_of(finding).abs_diff(line_of(entry)));
    let (Some(new), Some(old)) = (finding.finding.source(), entry.finding.source()) else {
        return (0, nearness);
    };
    let weight = if scope.renames.get(&old.path) == Some(&new.path) || old.path == new.path {
        2
    } else {
        u8::from(old.path.file_name() == new.path.file_name())
    };
    (weight, nearness)
}

/// Tool and rule, path and scope.
type Neighbourhood<'a> = ((&'a str, &'a str), &'a RepoPath, &'a [String]);

fn neighbourhood<'a>(
    merged: &'a MergedFinding,
    scope: Option<&'a BaselineScope>,
) -> Option<Neighbourhood<'a>> {
    let Subject::Code(code) = &merged.finding.subject else { return None };
    let path = &code.location.path;
    let path = scope.and_then(|scope| scope.renames.get(path)).unwrap_or(path);
    Some(((merged.finding.scanner.as_str(), merged.finding.rule.as_str()), path, &code.scope))
}

#[cfg(test)]
mod tests;
