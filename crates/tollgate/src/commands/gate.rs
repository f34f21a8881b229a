//! `tollgate gate`: judges a stored report again.

use std::path::Path;

use crate::cli::{GateArgs, OutputArgs};
use crate::failure::Failure;
use crate::output::Destinations;
use crate::settings::{self, flags, gate};
use crate::{reading, verdict};

/// Judges, reports, and gives the exit code.
pub(crate) fn run(args: &GateArgs, output: &OutputArgs) -> Result<u8, Failure> {
    let destinations = Destinations::of(&args.report)?;
    let config = settings::resolve(&args.config, Path::new("."), flags::of_config(&args.config)?)?;
    let report = reading::own_report(&args.file, None)?;
    let policy = gate::policy(&config)?;
    let mut conclusion = tollgate_pipeline::rejudge(report, &policy, super::scan::today());
    let code = verdict::settle(&mut conclusion);
    if args.config.explain_gate {
        verdict::explain(&conclusion)?;
    }
    destinations.write(&conclusion.report, output)?;
    Ok(code)
}
