//! What was there before: from a report file, or from a scan of another revision.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use tollgate_core::{Cancel, Inventory, Report, ScannerOutcome, Stage};
use tollgate_pipeline::{
    Baseline, BaselineScope, Conclusion, Material, Plan, Policy, RevisionTree, Rules, Suppressing,
};

use crate::commands::scan::today;
use crate::config::Resolved;
use crate::failure::{Failure, failed};
use crate::reading;

/// Reads the baseline that `--baseline` names: a file if there is one, else a git revision.
pub(crate) fn load(
    config: &Resolved,
    plan: &Plan,
    text: &str,
    root: &Path,
    cancel: &Cancel,
) -> Result<Baseline, Failure> {
    let file: PathBuf = config.locate("scan.baseline", text);
    if file.is_file() {
        let report = reading::own_report(&file, Some(root))?;
        let recorded = recorded(&report);
        return Ok(Baseline::new(report.findings, recorded));
    }
    if tollgate_pipeline::revision::is_revision(root, text) {
        let conclusion = scan_revision(plan, text, root, cancel)?;
        return Ok(Baseline::new(conclusion.report.findings, None));
    }
    Err(Failure::usage(
        anyhow!("{text} is neither a report file nor a git revision"),
        "write a baseline first: tollgate baseline write",
    ))
}

/// What the present scan looked at, so that what it did not look at is not taken for gone.
pub(crate) fn scope(
    plan: &Plan,
    inventory: Option<&Inventory>,
    outcomes: &[ScannerOutcome],
) -> BaselineScope {
    let since = plan.walk.since.as_ref();
    let changed = since.zip(inventory).map(|(_, inventory)| {
        inventory
            .files()
            .iter()
            .filter(|file| file.changed)
            .map(|file| file.path.clone())
            .collect::<BTreeSet<_>>()
    });
    let renames = since.zip(inventory).map(|(since, inventory)| since.renames(inventory)).unwrap_or_default();
    let completed = outcomes
        .iter()
        .filter(|outcome| outcome.is_complete())
        .map(|outcome| outcome.scanner.to_string())
        .collect::<BTreeSet<_>>();
    BaselineScope { changed, renames, completed: Some(completed) }
}

fn recorded(report: &Report) -> Option<jiff::civil::Date> {
    let started: jiff::Timestamp = report.invocation.started.as_ref()?.parse().ok()?;
    Some(started.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Scans a revision from the object database with the plan's static scanners; the work tree is not touched.
fn scan_revision(plan: &Plan, revision: &str, root: &Path, cancel: &Cancel) -> Result<Conclusion, Failure> {
    let tree = RevisionTree::copy(root, revision, cancel).map_err(failed)?;
    let mut plan = plan.clone();
    let relative = |path: &PathBuf| {
        let absolute = path.canonicalize().ok()?;
        Some(tree.path().join(absolute.strip_prefix(root).ok()?))
    };
    let paths: Vec<PathBuf> =
        plan.walk.paths.iter().filter_map(relative).filter(|path| path.exists()).collect();
    plan.walk.paths = if paths.is_empty() { vec![tree.path().to_owned()] } else { paths };
    plan.walk.root = Some(tree.path().to_owned());
    plan.walk.since = None;
    // Git tracks some files that .gitignore names; the copy holds tracked files only.
    plan.walk.respect_gitignore = false;
    plan.scanners.retain(|scanner| scanner.stage() == Stage::Static);
    let inventory = tollgate_pipeline::walk(&plan.walk, cancel).map_err(failed)?;
    let outcomes = crate::commands::scan::outcomes(&plan, &inventory, cancel);
    if let Some(unfinished) = outcomes.iter().find(|outcome| !outcome.is_complete()) {
        return Err(Failure::Incomplete(anyhow!(
            "failed to scan the baseline revision {revision}: {} did not finish",
            unfinished.scanner
        )));
    }
    let rules = Rules {
        policy: &Policy::default(),
        suppressing: Suppressing {
            waivers: &[],
            require_reason: false,
            report_unused: false,
            today: today(),
        },
        baseline: None,
        partial: false,
    };
    let material = Material { inventory: Some(inventory), outcomes, ..Material::default() };
    Ok(tollgate_pipeline::conclude(material, &rules, tollgate_core::report::Invocation::default()))
}
