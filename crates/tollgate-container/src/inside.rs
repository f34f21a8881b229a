//! What runs inside a container: how a worker gets its job, and the two small programs that keep and
//! close a scanner's network. The orchestrator's side is in [`crate::Engine`].

use std::io::{self, BufRead, Read, Write};
use std::thread;

use crate::relay;

/// A job longer than this is no job.
const LONGEST_JOB: u64 = 64 << 20;

/// Reads the job: the first line of standard input, without its line feed. Standard input stays open
/// after it as long as the orchestrator lives; see [`when_orphaned`].
///
/// # Errors
/// When standard input ends before the line does, or the line is too long.
pub fn read_job() -> io::Result<Vec<u8>> {
    let mut job = Vec::new();
    io::stdin().lock().take(LONGEST_JOB).read_until(b'\n', &mut job)?;
    if job.pop() != Some(b'\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "standard input ended before the job did"));
    }
    Ok(job)
}

/// Calls `then` when the orchestrator is gone: its end of standard input closes even when it was killed.
/// Call it after [`read_job`].
pub fn when_orphaned(then: impl FnOnce() + Send + 'static) {
    // Without the thread the worker would still end with its container's time limit.
    let _ = thread::Builder::new().name("orphan watch".to_owned()).spawn(move || {
        wait_for_end_of_input();
        then();
    });
}

/// What `worker pause` prints once its network is as it should be.
pub(crate) const READY: &str = "ready";

/// The `worker pause` program: keeps its container's network namespace alive until the orchestrator is
/// gone or the container is stopped. Where there is a relay, it listens for it on behalf of whoever
/// shares the namespace.
pub fn pause() {
    // It ends at once where it cannot listen, and the orchestrator misses its word.
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
    else {
        return;
    };
    if runtime.block_on(relay::bridge_from_environment()).is_err() {
        return;
    }
    let mut out = io::stdout();
    if writeln!(out, "{READY}").and_then(|()| out.flush()).is_ok() {
        wait_for_end_of_input();
    }
    runtime.shutdown_background();
}

fn wait_for_end_of_input() {
    let mut ignored = [0; 512];
    let mut input = io::stdin().lock();
    loop {
        match input.read(&mut ignored) {
            Ok(0) => return,
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}
