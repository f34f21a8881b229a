//! Programs that run inside Tollgate's own containers.

use std::io;
use std::net::IpAddr;

use anyhow::{Context, anyhow};
use tollgate_container::{inside, relay, routes};
use tollgate_core::Cancel;

use crate::cli::WorkerCommand;
use crate::exit;
use crate::failure::Failure;

/// Runs one of them to its end.
pub(crate) fn run(command: &WorkerCommand) -> Result<u8, Failure> {
    let done = match command {
        WorkerCommand::Dast => dast(),
        WorkerCommand::Pause => {
            inside::pause();
            Ok(())
        }
        WorkerCommand::StripRoutes { keep } => strip_routes(keep),
    };
    done.map_err(Failure::Incomplete)?;
    Ok(exit::PASSED)
}

fn dast() -> anyhow::Result<()> {
    let job = inside::read_job().context("failed to read the job")?;
    let cancel = Cancel::new();
    let orphaned = cancel.clone();
    inside::when_orphaned(move || orphaned.interrupt());
    crate::interrupt::watch(&cancel).context("failed to watch for signals")?;
    // The relay's inner end serves as long as this runtime lives.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(relay::bridge_from_environment()).context("failed to listen for the scanner")?;
    tollgate_dast::worker::run(job.as_slice(), io::stdout(), &cancel).map_err(|error| anyhow!("failed to {error}"))?;
    runtime.shutdown_background();
    Ok(())
}

fn strip_routes(keep: &[IpAddr]) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(routes::strip_routes(keep)).map_err(|error| anyhow!("failed to {error}"))
}
