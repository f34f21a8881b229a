//! Running a worker: our own program in a locked-down container, its job on standard input, its answer
//! as lines on standard output.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bollard::container::LogOutput;
use bollard::errors::Error as ApiError;
use bollard::models::{ContainerCreateBody, ContainerStateStatusEnum, HostConfig, HostConfigLogConfig};
use bollard::query_parameters::{
    InspectContainerOptions, KillContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tollgate_core::{Cancel, CancelReason};

use crate::belongings::Belongings;
use crate::egress::{Egress, Network};
use crate::engine::{Engine, ask, cancelled};
use crate::error::EngineError;
use crate::image::{ImageRef, LIBRARIES};
use crate::lines::Lines;
use crate::owner::Role;
use crate::relay::RelayUse;

/// How long a worker may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(3);
/// How long output may still come after the end of its program.
const DRAIN: Duration = Duration::from_secs(5);

/// A worker to run.
#[derive(Debug, Clone)]
pub struct WorkerSpec {
    /// Image from [`Engine::worker_image`].
    pub image: ImageRef,
    /// Arguments of the program, for example `worker dast`.
    pub arguments: Vec<String>,
    /// Further environment variables; secrets belong into the job, not here.
    pub environment: Vec<(String, String)>,
    /// The job: one line, without its line feed.
    pub job: Vec<u8>,
    /// What it may use.
    pub limits: Limits,
    /// What it can reach.
    pub egress: Egress,
}

/// What a container may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory in bytes; there is no swap beside it.
    pub memory: u64,
    /// Processes and threads.
    pub processes: u32,
    /// Processor time in thousandths of one processor.
    pub millicpus: u32,
    /// Wall-clock time.
    pub time: Duration,
    /// Size of its scratch folder `/tmp` in bytes.
    pub scratch: u64,
    /// Longest line of output in bytes; longer ones are dropped and counted.
    pub line: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            processes: 256,
            millicpus: 2000,
            time: Duration::from_secs(3600),
            scratch: 64 << 20,
            line: 64 << 20,
        }
    }
}

/// Where a line was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Standard output: the worker's answer.
    Answer,
    /// Standard error: for people.
    Complaint,
}

/// How a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerEnd {
    /// By itself, with this exit code.
    Exited(i64),
    /// It used more memory than it may.
    OutOfMemory,
    /// It was ended: its time was up or we were asked to end.
    Stopped(CancelReason),
    /// It was ended by somebody else, most likely a restart of the engine.
    Interrupted(String),
}

/// What is left of a worker after its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerExit {
    /// How it ended.
    pub end: WorkerEnd,
    /// From the call to the program's start, image and network included.
    pub startup: Duration,
    /// Whole time.
    pub elapsed: Duration,
    /// Bytes of a last line without a line feed: the answer was cut off.
    pub cut_off: usize,
    /// Lines dropped because they were too long.
    pub dropped_lines: u64,
    /// What went over the relay, where there was one.
    pub relay: Option<RelayUse>,
    /// What is not as it should be although the run went on.
    pub warnings: Vec<String>,
}

impl WorkerExit {
    /// Whether the worker ended well and its answer is whole. Anything else is an incomplete scan.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.end == WorkerEnd::Exited(0) && self.cut_off == 0 && self.dropped_lines == 0
    }
}

impl Engine {
    /// Runs a worker to its end and removes all that was made for it. `on_line` gets each whole line.
    /// When `cancel` or the time limit says so, the worker is asked to end and soon made to.
    ///
    /// # Errors
    /// When the worker could not be started locked down. A worker that started and ended badly is no
    /// error here but told by [`WorkerExit::end`].
    pub async fn run_worker(
        &self,
        spec: &WorkerSpec,
        on_line: &mut (dyn FnMut(Output, &[u8]) + Send),
        cancel: &Cancel,
    ) -> Result<WorkerExit, EngineError> {
        let mut belongings = Belongings::new(self);
        let run = self.run_locked_down(spec, on_line, cancel, &mut belongings).await;
        let left = belongings.remove_all().await;
        let mut exit = run?;
        exit.warnings.extend(left.iter().map(ToString::to_string));
        Ok(exit)
    }

    async fn run_locked_down(
        &self,
        spec: &WorkerSpec,
        on_line: &mut (dyn FnMut(Output, &[u8]) + Send),
        cancel: &Cancel,
        belongings: &mut Belongings,
    ) -> Result<WorkerExit, EngineError> {
        let begun = Instant::now();
        let cancel = cancel.with_deadline(begun + spec.limits.time);
        if let Some(reason) = cancel.reason() {
            return Err(EngineError::Cancelled { action: "starting a worker".to_owned(), reason });
        }
        let network = self.close_network(&spec.image, &spec.egress, belongings, &cancel).await?;
        let name = self.owner().fresh_name(Role::Worker);
        belongings.container(&name);
        self.create(&name, self.worker_container(spec, &network)).await?;
        let line = self.attach(&name).await?;
        self.start(&name).await?;
        let startup = begun.elapsed();

        let mut answer = Lines::new(spec.limits.line);
        let mut complaint = Lines::new(spec.limits.line.min(64 << 10));
        let mut on_piece = |piece: LogOutput| match piece {
            LogOutput::StdErr { message } => {
                complaint.push(&message, &mut |line| on_line(Output::Complaint, line));
            }
            other => answer.push(&other.into_bytes(), &mut |line| on_line(Output::Answer, line)),
        };
        let stopped = self.follow(&name, line, &spec.job, &mut on_piece, &cancel).await;
        let end = self.end_of(&name, stopped).await;
        if !complaint.remainder().is_empty() {
            on_line(Output::Complaint, complaint.remainder());
        }
        Ok(WorkerExit {
            end,
            startup,
            elapsed: begun.elapsed(),
            cut_off: answer.remainder().len(),
            dropped_lines: answer.dropped(),
            relay: network.relay.as_ref().map(crate::relay::Relay::used),
            warnings: self.weaknesses(),
        })
    }

    /// Feeds the job and follows the output until the program ends.
    async fn follow(
        &self,
        name: &str,
        line: bollard::container::AttachContainerResults,
        job: &[u8],
        on_piece: &mut dyn FnMut(LogOutput),
        cancel: &Cancel,
    ) -> Stop {
        let bollard::container::AttachContainerResults { mut output, mut input } = line;
        // The line stays open after the job: its end tells the worker that we are gone.
        let feed = async {
            let fed = async {
                input.write_all(job).await?;
                input.write_all(b"\n").await?;
                input.flush().await
            };
            // A worker that ends before it has read its job tells why by its exit code.
            let _ = fed.await;
            std::future::pending::<()>().await;
        };
        let ended = self.wait_for_end(name);
        tokio::pin!(feed, ended);
        let mut stop = Stop::ByItself;
        let mut give_up_at: Option<Instant> = None;
        let mut open = true;
        let mut over = false;
        loop {
            let until = give_up_at;
            tokio::select! {
                biased;
                piece = output.next(), if open => match piece {
                    Some(Ok(piece)) => on_piece(piece),
                    Some(Err(error)) => {
                        open = false;
                        if stop == Stop::ByItself && !over {
                            stop = Stop::Lost(error.to_string());
                        }
                    }
                    None => open = false,
                },
                reason = cancelled(cancel), if stop == Stop::ByItself && !over => {
                    stop = Stop::Asked(reason);
                    give_up_at = Some(Instant::now() + GRACE);
                    let options = KillContainerOptionsBuilder::default().signal("SIGTERM").build();
                    // One that cannot be asked is removed by force when the grace is over.
                    let _ = ask("ending a worker", self.docker().kill_container(name, Some(options))).await;
                }
                result = &mut ended, if !over => {
                    over = true;
                    give_up_at = Some(Instant::now() + DRAIN);
                    if let (Err(error), true) = (result, stop == Stop::ByItself) {
                        stop = Stop::Lost(error.to_string());
                    }
                }
                () = &mut feed => {}
                () = sleep_until(until), if until.is_some() => return stop,
            }
            if over && !open {
                return stop;
            }
        }
    }

    /// Waits without a limit of its own; the caller has one.
    pub(crate) async fn wait_for_end(&self, name: &str) -> Result<(), EngineError> {
        loop {
            let options = WaitContainerOptionsBuilder::default().condition("not-running").build();
            let answer = Box::pin(self.docker().wait_container(name, Some(options))).next().await;
            match answer {
                Some(Ok(_) | Err(ApiError::DockerContainerWaitError { .. })) => return Ok(()),
                // Some engines answer only at the end; the client's own limit passes before that.
                Some(Err(ApiError::RequestTimeoutError)) => {}
                Some(Err(error)) => return Err(EngineError::of("waiting for a container", error)),
                None => {
                    let reason = "the engine ended its answer".to_owned();
                    return Err(EngineError::Lost { action: "waiting for a container".to_owned(), reason });
                }
            }
        }
    }

    /// What the exit code means, given how we stopped listening.
    async fn end_of(&self, name: &str, stop: Stop) -> WorkerEnd {
        if let Stop::Asked(reason) = stop {
            return WorkerEnd::Stopped(reason);
        }
        let inspect = self.docker().inspect_container(name, None::<InspectContainerOptions>);
        let state = match ask("asking how a worker ended", inspect).await {
            Ok(answer) => answer.state.unwrap_or_default(),
            Err(error) => return WorkerEnd::Interrupted(error.to_string()),
        };
        if let Stop::Lost(reason) = stop {
            return WorkerEnd::Interrupted(reason);
        }
        match (state.exit_code, state.oom_killed) {
            (_, _) if state.status == Some(ContainerStateStatusEnum::RUNNING) => {
                WorkerEnd::Interrupted("its output ended before it did".to_owned())
            }
            (Some(137), Some(true)) => WorkerEnd::OutOfMemory,
            // Nobody here sent a signal.
            (Some(code @ (130 | 137 | 143)), _) => {
                WorkerEnd::Interrupted(format!("ended by signal {} from outside", code - 128))
            }
            (Some(code), _) => WorkerEnd::Exited(code),
            (None, _) => WorkerEnd::Interrupted("the engine does not say how it ended".to_owned()),
        }
    }

    fn worker_container(&self, spec: &WorkerSpec, network: &Network) -> ContainerCreateBody {
        let limits = &spec.limits;
        let scratch = format!("rw,noexec,nosuid,nodev,mode=1777,size={}", limits.scratch);
        let host_config = HostConfig {
            network_mode: Some(network.mode.clone()),
            binds: Some(network.binds.clone()).filter(|binds| !binds.is_empty()),
            extra_hosts: Some(network.extra_hosts.clone()).filter(|hosts| !hosts.is_empty()),
            tmpfs: Some(HashMap::from([("/tmp".to_owned(), scratch)])),
            // Output comes over the attached line; a log would cut lines and fill the engine's disk.
            log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
            ..limited(limits, self.locked_down())
        };
        let arguments: Vec<&str> = spec.arguments.iter().map(String::as_str).collect();
        let mut environment = vec![format!("LD_LIBRARY_PATH={LIBRARIES}")];
        environment.extend(
            spec.environment
                .iter()
                .chain(&network.environment)
                .map(|(name, value)| format!("{name}={value}")),
        );
        ContainerCreateBody {
            env: Some(environment),
            ..self.own_container(&spec.image, Role::Worker, &arguments, host_config)
        }
    }

    /// What this engine cannot lock.
    fn weaknesses(&self) -> Vec<String> {
        let about = self.about();
        let mut weaknesses = Vec::new();
        if !about.has_seccomp {
            weaknesses.push("the engine does not filter system calls".to_owned());
        }
        if !about.limits_pids {
            weaknesses.push("the engine cannot limit the number of processes".to_owned());
        }
        weaknesses
    }
}

/// Adds the limits.
pub(crate) fn limited(limits: &Limits, host_config: HostConfig) -> HostConfig {
    let memory = i64::try_from(limits.memory).ok();
    HostConfig {
        memory,
        memory_swap: memory,
        pids_limit: Some(i64::from(limits.processes)),
        nano_cpus: Some(i64::from(limits.millicpus) * 1_000_000),
        ..host_config
    }
}

/// Why the following of a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stop {
    ByItself,
    Asked(CancelReason),
    Lost(String),
}

async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}
