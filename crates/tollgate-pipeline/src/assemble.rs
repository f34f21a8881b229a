//! From scanner outcomes to the report, in one pass through every later stage.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use rayon::prelude::*;
use tollgate_core::facts::Facts;
use tollgate_core::report::{Invocation, ScannerSummary};
use tollgate_core::verdict::Gap;
use tollgate_core::{
    Coverage, Diagnostic, Finding, Inventory, MergedFinding, Report, ScannerId, ScannerOutcome, Severity,
};

use crate::baseline::{Baseline, BaselineScope, compare};
use crate::correlate::correlate;
use crate::enrich::enrich;
use crate::execute::{order, unordered_facts};
use crate::gate::{Decision, Policy, judge};
use crate::merge::{lift, merge};
use crate::rank::rank;
use crate::reachability::reach;
use crate::suppress::{Suppressing, suppress};

/// Name under which the walk tells what it passed over.
pub const WALK: &str = "walk";

/// What the stages after the scanners work on.
#[derive(Debug, Default)]
pub struct Material {
    /// The files; `None` when only reports are merged.
    pub inventory: Option<Inventory>,
    /// What scanners found, and what foreign reports hold, one outcome for each run.
    pub outcomes: Vec<ScannerOutcome>,
    /// Earlier reports of Tollgate to merge: shards, for example.
    pub reports: Vec<Report>,
    /// Messages about the scan as a whole.
    pub diagnostics: Vec<Diagnostic>,
    /// What was not looked at and no scanner tells of.
    pub gaps: Vec<Gap>,
}

/// What decides about the result.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// What the gate demands.
    pub policy: &'a Policy,
    /// Waivers, VEX and how to read inline suppressions; holds today's date.
    pub suppressing: Suppressing<'a>,
    /// What to compare with, and what this scan looked at.
    pub baseline: Option<(&'a Baseline, &'a BaselineScope)>,
    /// Whether this scan is a part of a whole, so that the absence of an import means nothing.
    pub partial: bool,
}

/// The report and how the gate came to its verdict.
#[derive(Debug)]
pub struct Conclusion {
    /// The report.
    pub report: Report,
    /// One decision for each finding of the report, in order.
    pub decisions: Vec<Decision>,
}

/// Runs every stage after the scanners: enrich, merge, correlate, reach, rank, compare with the baseline,
/// suppress, judge.
#[must_use]
pub fn conclude(material: Material, rules: &Rules<'_>, invocation: Invocation) -> Conclusion {
    let Material { inventory, mut outcomes, reports, mut diagnostics, mut gaps } = material;
    if let Some(inventory) = &inventory {
        enrich(&mut outcomes, inventory.root());
    }
    let mut facts = unordered_facts(&outcomes);
    if rules.partial {
        facts.fully_read.clear();
    }
    let raw: Vec<Vec<Finding>> =
        outcomes.iter_mut().map(|outcome| std::mem::take(&mut outcome.findings)).collect();
    let mut summaries = walk_summary(inventory.as_ref()).into_iter().collect::<Vec<_>>();
    summaries.extend(outcomes.into_iter().map(summary));
    let mut inputs = vec![lift(raw)];
    for report in reports {
        gaps.extend(report.verdict.gaps().iter().filter(|gap| gap.scanner.is_none()).cloned());
        inputs.push(report.findings);
        summaries.extend(report.scanners);
        diagnostics.extend(report.diagnostics);
        facts.packages.extend(report.packages);
        facts.routes.extend(report.routes);
    }
    order(&mut facts);
    let mut findings = merge(inputs, &facts.routes);
    findings = correlate(findings, &facts.routes);
    reach(&mut findings, &facts, inventory.as_ref());
    for finding in &mut findings {
        finding.rank = rank(finding);
    }
    if let Some((baseline, scope)) = rules.baseline {
        findings = compare(findings, baseline, scope, &summaries);
    }
    diagnostics.extend(suppress(&mut findings, &rules.suppressing));
    let root = inventory.as_ref().map(|inventory| display_root(inventory.root()));
    assemble(
        Parts { root, findings, scanners: summaries, facts, diagnostics, gaps, invocation },
        rules.policy,
        rules.suppressing.today,
    )
}

/// Judges a stored report again: the same verdict by the same policy.
#[must_use]
pub fn rejudge(report: Report, policy: &Policy, today: Date) -> Conclusion {
    let stored_gaps = report.verdict.gaps().iter().filter(|gap| gap.scanner.is_none()).cloned().collect();
    let facts = Facts { packages: report.packages, routes: report.routes, ..Facts::default() };
    let parts = Parts {
        root: report.root,
        findings: report.findings,
        scanners: report.scanners,
        facts,
        diagnostics: report.diagnostics,
        gaps: stored_gaps,
        invocation: report.invocation,
    };
    assemble(parts, policy, today)
}

struct Parts {
    root: Option<String>,
    findings: Vec<MergedFinding>,
    scanners: Vec<ScannerSummary>,
    facts: Facts,
    diagnostics: Vec<Diagnostic>,
    gaps: Vec<Gap>,
    invocation: Invocation,
}

fn assemble(parts: Parts, policy: &Policy, today: Date) -> Conclusion {
    let Parts { root, mut findings, scanners, facts, mut diagnostics, gaps, invocation } = parts;
    findings.par_sort_unstable_by(|a, b| report_key(a).cmp(&report_key(b)));
    let scanners = unite_summaries(scanners);
    diagnostics.sort();
    diagnostics.dedup();
    let judgement = judge(&findings, &scanners, &gaps, policy, today);
    let report = Report {
        root,
        findings,
        scanners,
        packages: facts.packages,
        routes: facts.routes,
        diagnostics,
        verdict: judgement.verdict,
        invocation,
    };
    Conclusion { report, decisions: judgement.decisions }
}

/// Worst severity first, then place and rule; unknown severity stands with high.
fn report_key(merged: &MergedFinding) -> impl Ord + '_ {
    let finding = &merged.finding;
    let severity = finding.severity.unwrap_or(Severity::High);
    let source = finding.source();
    (
        std::cmp::Reverse(severity),
        source.map(|source| source.path.as_str()),
        source.map(|source| (source.region.start(), source.region.end())),
        finding.rule.as_str(),
        finding.scanner.as_str(),
        merged.fingerprint.as_str(),
    )
}

fn summary(outcome: ScannerOutcome) -> ScannerSummary {
    ScannerSummary {
        complete: outcome.is_complete(),
        scanner: outcome.scanner,
        tool: outcome.tool,
        rules: outcome.rules,
        coverage: outcome.coverage,
        diagnostics: outcome.diagnostics,
        elapsed: outcome.elapsed,
    }
}

/// What the walk passed over, told like a scanner's coverage so that every reader handles it the same.
fn walk_summary(inventory: Option<&Inventory>) -> Option<ScannerSummary> {
    let inventory = inventory?;
    let coverage = Coverage {
        examined: inventory.files().len() as u64,
        bytes: inventory.files().iter().map(|file| file.size).sum(),
        skipped: inventory.skipped().to_vec(),
    };
    Some(ScannerSummary {
        scanner: ScannerId::new(WALK),
        tool: None,
        rules: Vec::new(),
        complete: !coverage.skipped.iter().any(|skipped| skipped.reason.leaves_gap()),
        coverage,
        diagnostics: Vec::new(),
        elapsed: Duration::ZERO,
    })
}

/// Summaries of one scanner, from several shards or runs of one tool, as one; the walk first, then the
/// built-in scanners, then others by name.
fn unite_summaries(mut summaries: Vec<ScannerSummary>) -> Vec<ScannerSummary> {
    let place = |scanner: &ScannerId| {
        let fixed = std::iter::once(WALK).chain(ScannerId::BUILT_IN);
        fixed.into_iter().position(|name| name == scanner.as_str()).unwrap_or(usize::MAX)
    };
    summaries.sort_by(|a, b| {
        (place(&a.scanner), &a.scanner, &a.tool).cmp(&(place(&b.scanner), &b.scanner, &b.tool))
    });
    let mut united: Vec<ScannerSummary> = Vec::with_capacity(summaries.len());
    for mut summary in summaries {
        match united.last_mut() {
            Some(last) if last.scanner == summary.scanner && last.tool == summary.tool => {
                last.rules.append(&mut summary.rules);
                last.coverage.examined += summary.coverage.examined;
                last.coverage.bytes += summary.coverage.bytes;
                last.coverage.skipped.append(&mut summary.coverage.skipped);
                last.diagnostics.append(&mut summary.diagnostics);
                last.complete &= summary.complete;
                last.elapsed += summary.elapsed;
            }
            _ => united.push(summary),
        }
    }
    for summary in &mut united {
        // Of two descriptions of one rule the fuller one stays.
        summary.rules.sort_by(|a, b| a.id.cmp(&b.id).then(b.help.len().cmp(&a.help.len())));
        summary.rules.dedup_by(|a, b| a.id == b.id);
        summary.coverage.skipped.sort();
        summary.coverage.skipped.dedup();
        summary.diagnostics.sort();
        summary.diagnostics.dedup();
    }
    united
}

fn display_root(root: &Path) -> String {
    root.display().to_string()
}

#[cfg(test)]
mod tests;
