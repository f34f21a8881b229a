//! `tollgate scan`: the main job.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use tollgate_core::report::Invocation;
use tollgate_core::verdict::Gap;
use tollgate_core::{Cancel, CancelReason, Event, Inventory, Report, ScannerOutcome};
use tollgate_pipeline::{
    Conclusion, Material, Plan, Rules, Shard, Since, Suppressing, WalkError, WalkSettings,
};

use crate::cli::{OutputArgs, ScanArgs};
use crate::config::Resolved;
use crate::failure::{Failure, failed};
use crate::output::Destinations;
use crate::progress::Progress;
use crate::settings::{self, flags, gate, scan as settings_of};
use crate::{exit, fixes, folders, interrupt, reading, scanners, verdict};

/// How long a scanner may go on after it was asked to end.
const GRACE: Duration = Duration::from_secs(5);

/// Scans, reports, and gives the exit code.
pub(crate) fn run(args: &ScanArgs, output: &OutputArgs) -> Result<u8, Failure> {
    let destinations = Destinations::of(&args.report)?;
    let config = resolve(args)?;
    let cancel = Cancel::new();
    if args.explain.is_some() {
        return super::rules::explain(args, &config);
    }
    let mut plan = plan(&config, &cancel)?;
    if args.dry_run {
        let text = plan.to_string();
        crate::output::to_stdout(|stdout| stdout.write_all(text.as_bytes()))?;
        return Ok(exit::PASSED);
    }
    interrupt::watch(&cancel)
        .map_err(|error| Failure::Incomplete(anyhow!(error).context("failed to watch for signals")))?;
    let scanned = scan(&config, &mut plan, &Progress::new(output), &cancel)?;
    if args.fix {
        fixes::apply(&scanned.conclusion.report, output)?;
    }
    if args.config.explain_gate {
        verdict::explain(&scanned.conclusion)?;
    }
    destinations.write(&scanned.conclusion.report, output)?;
    Ok(scanned.exit_code)
}

/// A finished scan.
pub(crate) struct Scanned {
    /// The report and the gate's decisions.
    pub(crate) conclusion: Conclusion,
    /// What the process should end with.
    pub(crate) exit_code: u8,
}

/// The settings of a scan.
pub(crate) fn resolve(args: &ScanArgs) -> Result<Resolved, Failure> {
    let here = std::path::PathBuf::from(".");
    let start = args.paths.first().unwrap_or(&here);
    settings::resolve(&args.config, start, flags::of_scan(args)?)
}

/// What will be done.
pub(crate) fn plan(config: &Resolved, cancel: &Cancel) -> Result<Plan, Failure> {
    let scan = &config.file.scan;
    let paths = settings_of::paths(config);
    if let Some(missing) = paths.iter().find(|path| std::fs::symlink_metadata(path).is_err()) {
        return Err(Failure::usage(
            anyhow!("failed to find {}", missing.display()),
            "name a file or folder that exists",
        ));
    }
    let root = settings_of::root(&paths);
    let since = match &scan.since {
        Some(revision) => {
            let root = root.clone().ok_or_else(|| {
                Failure::usage(anyhow!("--since needs a git repository"), "scan inside a git work tree")
            })?;
            Some(Arc::new(Since::read(&root, revision, cancel).map_err(failed)?))
        }
        None => None,
    };
    let shard = match &scan.shard {
        Some(text) => {
            let parsed = crate::config::units::shard(text)
                .and_then(|(index, count)| Shard::new(index, count).map_err(|error| error.to_string()));
            Some(parsed.map_err(|message| config.wrong("scan.shard", message))?)
        }
        None => None,
    };
    let scan_root = root.clone().or_else(|| paths[0].canonicalize().ok()).unwrap_or_default();
    Ok(Plan {
        walk: WalkSettings {
            exclude: scan.exclude.clone(),
            max_file_size: settings_of::max_file_size(config)?,
            respect_gitignore: scan.gitignore.unwrap_or(true),
            root,
            since,
            paths,
        },
        scanners: scanners::enabled(config, &scan_root)?,
        policy: gate::policy(config)?,
        waivers: gate::waivers(config),
        timeout: settings_of::timeout(config)?,
        grace: GRACE,
        jobs: settings_of::jobs(config),
        cache: scan.cache.unwrap_or(true).then(folders::cache).flatten(),
        shard,
        lines: ["scan", "gate", "waiver", "tool"]
            .into_iter()
            .flat_map(|section| config.lines(section))
            .collect(),
    })
}

/// Walks, runs the scanners, reads what is to be imported and judges.
pub(crate) fn scan(
    config: &Resolved,
    plan: &mut Plan,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Scanned, Failure> {
    let started = jiff::Timestamp::now();
    let inventory = match tollgate_pipeline::walk(&plan.walk, cancel) {
        Ok(inventory) => inventory,
        Err(WalkError::Cancelled { .. }) => return Err(Failure::Interrupted),
        Err(error) => return Err(failed(error)),
    };
    let imports =
        config.file.scan.import.iter().map(|path| config.locate("scan.import", path)).collect::<Vec<_>>();
    let has_dynamic = plan.scanners.iter().any(|scanner| scanner.stage() == tollgate_core::Stage::Dynamic);
    if inventory.files().is_empty() && inventory.skipped().is_empty() && imports.is_empty() && !has_dynamic {
        let paths: Vec<String> = plan.walk.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::NothingToScan(format!(
            "{} holds no file that is not ignored",
            paths.join(", ")
        )));
    }
    let events = progress.events();
    let outcomes = tollgate_pipeline::execute(plan, &inventory, &events, cancel);
    progress.clear();
    let imported = reading::imports(&imports, Some(inventory.root()))?;
    let interrupted = cancel.reason() == Some(CancelReason::Interrupted);
    let mut material = Material {
        outcomes,
        diagnostics: config.diagnostics.clone(),
        reports: imported.own,
        inventory: Some(inventory),
        gaps: interrupted
            .then(|| Gap { scanner: None, reason: "the scan was interrupted".to_owned() })
            .into_iter()
            .collect(),
    };
    material.outcomes.extend(imported.outcomes);
    let mut conclusion = judge(config, plan, material, cancel, invocation(plan, started))?;
    let exit_code =
        if interrupted { exit::INTERRUPTED } else { verdict::exit_code(&conclusion.report.verdict) };
    conclusion.report.invocation.exit_code = exit_code;
    conclusion.report.invocation.ended = Some(jiff::Timestamp::now().to_string());
    Ok(Scanned { conclusion, exit_code })
}

fn judge(
    config: &Resolved,
    plan: &Plan,
    material: Material,
    cancel: &Cancel,
    invocation: Invocation,
) -> Result<Conclusion, Failure> {
    let root = material.inventory.as_ref().map(|inventory| inventory.root().to_owned()).unwrap_or_default();
    let baseline = match &config.file.scan.baseline {
        Some(text) => Some(crate::baseline::load(config, plan, text, &root, cancel)?),
        None => None,
    };
    let scope = crate::baseline::scope(plan, material.inventory.as_ref(), &material.outcomes);
    let rules = Rules {
        policy: &plan.policy,
        suppressing: Suppressing {
            waivers: &plan.waivers,
            require_reason: config.file.gate.require_suppression_reason.unwrap_or(false),
            report_unused: plan.shard.is_none() && plan.walk.since.is_none(),
            today: today(),
        },
        baseline: baseline.as_ref().map(|baseline| (baseline, &scope)),
        partial: plan.shard.is_some() || plan.walk.since.is_some(),
    };
    Ok(tollgate_pipeline::conclude(material, &rules, invocation))
}

/// Today's date where the user is.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

fn invocation(plan: &Plan, started: jiff::Timestamp) -> Invocation {
    let root = plan.walk.root.clone();
    Invocation {
        command_line: command_line(),
        started: Some(started.to_string()),
        ended: None,
        exit_code: exit::PASSED,
        plan_digest: Some(plan.digest()),
        shard: plan.shard.map(|shard| (shard.index(), shard.count())),
        revision: root.and_then(|root| tollgate_pipeline::revision::describe(&root)),
    }
}

/// The command line with its first word shortened; it holds no secrets, as no option takes one.
pub(crate) fn command_line() -> String {
    let words = std::env::args_os().skip(1).map(|word| {
        let word = word.to_string_lossy().into_owned();
        if word.contains(char::is_whitespace) || word.is_empty() { format!("{word:?}") } else { word }
    });
    std::iter::once("tollgate".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Runs a plan's scanners without a report, for a baseline of another revision.
pub(crate) fn outcomes(plan: &Plan, inventory: &Inventory, cancel: &Cancel) -> Vec<ScannerOutcome> {
    tollgate_pipeline::execute(plan, inventory, &tollgate_core::Events::new(|_: Event| {}), cancel)
}

/// Whether a report may become a baseline, and the words when it may not.
pub(crate) fn complete_or_refuse(report: &Report) -> Result<(), Failure> {
    tollgate_pipeline::Baseline::check_complete(report)
        .map_err(|error| Failure::Incomplete(anyhow!("failed to {error}")))
}
