//! Programs that run inside Tollgate's own containers.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use anyhow::{Context, anyhow};
use tollgate_container::{inside, relay, routes};
use tollgate_core::Cancel;
use tollgate_dast::worker::Job;

use crate::cli::WorkerCommand;
use crate::exit;
use crate::failure::Failure;
use crate::readers;

/// Calls of the target that can wait for the scanner at the same time.
const CALLBACKS_AT_ONCE: usize = 8;

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
    let mut job: Job = serde_json::from_slice(&job).context("failed to read the job")?;
    let cancel = Cancel::new();
    let orphaned = cancel.clone();
    inside::when_orphaned(move || orphaned.interrupt());
    crate::interrupt::watch(&cancel).context("failed to watch for signals")?;
    // The relay's inner end serves as long as this runtime lives.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(relay::bridge_from_environment()).context("failed to listen for the scanner")?;
    if let Some((listener, host)) = callback() {
        let _guard = runtime.enter();
        if let Some(socket) = std::env::var_os(relay::SOCKET_VARIABLE) {
            relay::bridge_callbacks(Path::new(&socket), listener, CALLBACKS_AT_ONCE);
        }
        job = job.with_callback(listener, &host.to_string());
    }
    let job = job.to_json().map_err(|error| anyhow!("failed to {error}"))?;
    tollgate_dast::worker::run(job.as_bytes(), io::stdout(), readers::readers(), &cancel)
        .map_err(|error| anyhow!("failed to {error}"))?;
    runtime.shutdown_background();
    Ok(())
}

/// Where to listen for calls of the target, and the address by which the target knows that place. Behind
/// a relay the port is the relay's own, so that the address in a payload leads to the relay.
fn callback() -> Option<(SocketAddr, IpAddr)> {
    let text = std::env::var(relay::CALLBACK_VARIABLE).ok()?;
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some((SocketAddr::from(([127, 0, 0, 1], address.port())), address.ip()));
    }
    let address: IpAddr = text.parse().ok()?;
    Some((SocketAddr::from(([0, 0, 0, 0], 0)), address))
}

fn strip_routes(keep: &[IpAddr]) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(routes::strip_routes(keep)).map_err(|error| anyhow!("failed to {error}"))
}
