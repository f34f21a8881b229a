//! The staging app: started for a scan, waited for, seeded, watched, and taken away again.
//!
//! Whatever it is made of, it gets a memory limit, its ports are published on the loopback interface
//! only, and the last it printed is kept when it dies.

mod compose;
mod compose_file;
mod compose_text;
mod containers;
mod context;
mod process;
mod ready;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tollgate_core::Cancel;

use crate::belongings::Belongings;
use crate::engine::Engine;
use crate::error::EngineError;

pub(crate) use containers::{bounded_log, fetch};
pub(crate) use process::sweep_processes;

/// How an app is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagingSpec {
    /// What is started.
    pub source: StagingSource,
    /// Port the app listens on, inside its container where it has one. Without it, the port its image
    /// or Compose file names first.
    pub port: Option<u16>,
    /// Environment variables, over those of the image or Compose file.
    pub environment: Vec<(String, String)>,
    /// Memory in bytes for each container: a target can be made to take all there is.
    pub memory: u64,
    /// When it counts as ready.
    pub ready: Readiness,
    /// A command that fills it with data once it is ready: run inside the app's container, or beside a
    /// plain command in its folder.
    pub seed: Option<Vec<String>>,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagingSource {
    /// An image, fetched when the engine does not have it.
    Image {
        /// Name with tag or digest.
        image: String,
        /// Arguments in place of the image's own; empty keeps those.
        arguments: Vec<String>,
    },
    /// A folder with a `Dockerfile`.
    Build(PathBuf),
    /// A Compose file.
    Compose {
        /// The file.
        file: PathBuf,
        /// The service to scan; without it the first that publishes a port.
        service: Option<String>,
    },
    /// A program on this machine.
    Command {
        /// Program and arguments.
        command: Vec<String>,
        /// Folder it runs in.
        folder: PathBuf,
    },
}

/// When an app counts as ready: all that is asked for holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// This path answers with a status below 500; without it, the port accepts a connection.
    pub path: Option<String>,
    /// The app has printed a line with this text.
    pub log: Option<String>,
    /// How long to wait.
    pub within: Duration,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { path: None, log: None, within: Duration::from_secs(120) }
    }
}

/// An app that could not be started or did not live.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The engine failed.
    #[error("failed to start the staging app: {0}")]
    Engine(#[from] EngineError),
    /// The Compose file asks for something that cannot be given, or is none.
    #[error("{}: {message}", file.display())]
    Compose {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Nobody says which port to scan.
    #[error("the staging app names no port")]
    NoPort,
    /// It ended before it was ready, or while it was scanned.
    #[error("the staging app {0}")]
    Died(Death),
    /// It lives and does not become ready.
    #[error("the staging app is not ready after {} s: {reason}", within.as_secs())]
    NotReady {
        /// How long we waited.
        within: Duration,
        /// What was missing.
        reason: String,
        /// The last it printed.
        log: String,
    },
    /// The seed command failed.
    #[error("the seed command {command:?} of the staging app ended with {code}")]
    Seed {
        /// The command.
        command: Vec<String>,
        /// Its exit code.
        code: i64,
        /// The last it printed.
        log: String,
    },
    /// The program cannot be started.
    #[error("`{program}` cannot be started: {reason}")]
    Program {
        /// The program.
        program: String,
        /// Why.
        reason: String,
    },
}

impl StagingError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.hint(),
            Self::Compose { .. } => {
                "correct the file, or start the app yourself and give its address as `target`"
            }
            Self::NoPort => "set `dast.start.port`",
            Self::Died(_) => {
                "read the end of its log; a higher `dast.start.memory` helps when it ran out of memory"
            }
            Self::NotReady { .. } => {
                "read the end of its log, check `dast.start.port` and `dast.start.ready`"
            }
            Self::Seed { .. } => "run the command by hand against the started app",
            Self::Program { .. } => "check `dast.start.command` and `dast.start.directory`",
        }
    }

    /// The last the app printed, where that is known.
    #[must_use]
    pub fn log(&self) -> Option<&str> {
        match self {
            Self::Died(Death { log, .. }) | Self::NotReady { log, .. } | Self::Seed { log, .. } => Some(log),
            _ => None,
        }
    }
}

/// How an app died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Death {
    /// Exit code, where there is one.
    pub code: Option<i64>,
    /// Whether it took more memory than it may.
    pub out_of_memory: bool,
    /// The last it printed.
    pub log: String,
}

impl std::fmt::Display for Death {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.out_of_memory, self.code) {
            (true, _) => f.write_str("ran out of memory"),
            (false, Some(code)) => write!(f, "ended with exit code {code}"),
            (false, None) => f.write_str("was ended by a signal"),
        }
    }
}

/// A running app. End it with [`StagingApp::stop`]; dropping it does the same and blocks meanwhile.
#[derive(Debug)]
pub struct StagingApp {
    body: Body,
    address: SocketAddr,
}

#[derive(Debug)]
enum Body {
    Containers(Box<containers::Containers>),
    Process(Box<process::Process>),
}

impl StagingApp {
    /// Starts the app, waits until it is ready and seeds it. Nothing is left when that fails.
    ///
    /// # Errors
    /// When any of that fails, with the end of the app's log where it has one.
    pub async fn start(
        engine: Option<&Engine>,
        spec: &StagingSpec,
        cancel: &Cancel,
    ) -> Result<Self, StagingError> {
        match &spec.source {
            StagingSource::Command { command, folder } => {
                let mut process = process::Process::start(command, folder, &spec.environment, spec.memory)?;
                let address = SocketAddr::from(([127, 0, 0, 1], spec.port.ok_or(StagingError::NoPort)?));
                let started = async {
                    ready::wait(&mut process, address, &spec.ready, cancel).await?;
                    match &spec.seed {
                        Some(seed) => process::seed(seed, folder, &spec.environment, cancel).await,
                        None => Ok(()),
                    }
                };
                match started.await {
                    Ok(()) => Ok(Self { body: Body::Process(Box::new(process)), address }),
                    Err(error) => {
                        process.stop().await;
                        Err(error)
                    }
                }
            }
            _ => {
                let engine = engine.ok_or_else(|| EngineError::NoEngine { tried: Vec::new() })?;
                let mut belongings = Belongings::new(engine);
                match containers::start(engine, spec, &mut belongings, cancel).await {
                    Ok((app, address)) => {
                        let body = Body::Containers(Box::new(containers::Containers { app, belongings }));
                        Ok(Self { body, address })
                    }
                    Err(error) => {
                        // The error matters more than what could not be removed; the next sweep has it.
                        let _ = belongings.remove_all().await;
                        Err(error)
                    }
                }
            }
        }
    }

    /// Where this process reaches the app: always a loopback address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The app's container and the port inside it, for a scanner in a container of its own.
    #[must_use]
    pub fn container(&self) -> Option<(&str, u16)> {
        match &self.body {
            Body::Containers(containers) => Some((&containers.app.name, containers.app.port)),
            Body::Process(_) => None,
        }
    }

    /// The last the app printed.
    pub async fn log(&mut self) -> String {
        match &mut self.body {
            Body::Containers(containers) => containers.app.log().await,
            Body::Process(process) => process.printed(),
        }
    }

    /// How the app died, if it did.
    ///
    /// # Errors
    /// When the engine does not say.
    pub async fn death(&mut self) -> Result<Option<Death>, StagingError> {
        match &mut self.body {
            Body::Containers(containers) => Ok(containers.app.death().await?),
            Body::Process(process) => Ok(process.how_it_died().await),
        }
    }

    /// Ends the app and removes all that was made for it; hands back what could not be removed.
    pub async fn stop(self) -> Vec<EngineError> {
        match self.body {
            Body::Containers(mut containers) => containers.belongings.remove_all().await,
            Body::Process(mut process) => {
                process.stop().await;
                Vec::new()
            }
        }
    }
}
