//! `tollgate merge`: reports of any tools or shards become one, which is then judged.

use std::path::PathBuf;

use tollgate_core::report::Invocation;
use tollgate_core::{Inventory, Report};
use tollgate_pipeline::{Material, Rules, Shard, ShardStamp, Suppressing, check_shards};

use super::scan::{command_line, today};
use crate::cli::{MergeArgs, OutputArgs};
use crate::failure::{Failure, failed};
use crate::output::Destinations;
use crate::settings::{self, flags, gate};
use crate::{reading, verdict};

/// Merges, reports, and gives the exit code.
pub(crate) fn run(args: &MergeArgs, output: &OutputArgs) -> Result<u8, Failure> {
    let destinations = Destinations::of(&args.report)?;
    let here = args.root.clone().unwrap_or_else(|| PathBuf::from("."));
    let config = settings::resolve(&args.config, &here, flags::of_config(&args.config)?)?;
    let policy = gate::policy(&config)?;
    let waivers = gate::waivers(&config);
    let root = here.canonicalize().map_err(|error| {
        Failure::usage(
            anyhow::anyhow!("failed to open {}: {error}", here.display()),
            "name the folder of the sources",
        )
    })?;
    let started = jiff::Timestamp::now();
    let imported = reading::imports(&args.files, Some(&root))?;
    check_shards(&stamps(&imported.own, &imported.own_files)?).map_err(failed)?;
    let mut invocation = Invocation {
        command_line: command_line(),
        started: Some(started.to_string()),
        revision: imported.own.iter().find_map(|report| report.invocation.revision.clone()),
        ..Invocation::default()
    };
    let baseline = match &config.file.scan.baseline {
        Some(text) => {
            let report = reading::own_report(&config.locate("scan.baseline", text), Some(&root))?;
            Some(tollgate_pipeline::Baseline::new(report.findings, None))
        }
        None => None,
    };
    let scope = tollgate_pipeline::BaselineScope::default();
    let material = Material {
        inventory: Some(Inventory::new(root, Vec::new(), Vec::new())),
        outcomes: imported.outcomes,
        reports: imported.own,
        diagnostics: config.diagnostics.clone(),
        gaps: Vec::new(),
    };
    let rules = Rules {
        policy: &policy,
        suppressing: Suppressing {
            waivers: &waivers,
            require_reason: config.file.gate.require_suppression_reason.unwrap_or(false),
            report_unused: true,
            today: today(),
        },
        baseline: baseline.as_ref().map(|baseline| (baseline, &scope)),
        partial: true,
    };
    invocation.ended = Some(jiff::Timestamp::now().to_string());
    let mut conclusion = tollgate_pipeline::conclude(material, &rules, invocation);
    let code = verdict::settle(&mut conclusion);
    if args.config.explain_gate {
        verdict::explain(&conclusion)?;
    }
    destinations.write(&conclusion.report, output)?;
    Ok(code)
}

/// What the shards among the reports say of themselves.
fn stamps(reports: &[Report], files: &[String]) -> Result<Vec<ShardStamp>, Failure> {
    let mut stamps = Vec::new();
    for (report, file) in reports.iter().zip(files) {
        if let Some((index, count)) = report.invocation.shard {
            let shard = Shard::new(index, count).map_err(failed)?;
            let plan_digest = report.invocation.plan_digest.clone();
            stamps.push(ShardStamp { file: file.clone(), shard, plan_digest });
        }
    }
    Ok(stamps)
}
