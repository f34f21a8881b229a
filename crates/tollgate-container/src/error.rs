//! What can go wrong between us and the engine, and what to do about each.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bollard::errors::Error as ApiError;
use tollgate_core::CancelReason;

/// A container engine that did not do what it was asked. Messages complete "failed to …"-sentences;
/// [`EngineError::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Nothing answers at any of the usual places.
    #[error("no container engine answers at {}", tried.join(", "))]
    NoEngine {
        /// Sockets and addresses that were tried, in order.
        tried: Vec<String>,
    },
    /// The socket is there and may not be used.
    #[error("no permission to use the container engine at {address}")]
    NoPermission {
        /// The socket.
        address: String,
    },
    /// `DOCKER_HOST` asks for a way of talking that is not built in.
    #[error("DOCKER_HOST `{host}` asks for a transport that is not supported")]
    UnsupportedHost {
        /// Its value.
        host: String,
    },
    /// The engine speaks none of the API versions we do.
    #[error("the container engine at {address} is too old: it speaks API {found}, {needed} is needed")]
    TooOld {
        /// The socket or address.
        address: String,
        /// Version it speaks.
        found: String,
        /// Oldest version we speak.
        needed: String,
    },
    /// The image is not there and cannot be fetched.
    #[error("image `{image}` is not available: {reason}")]
    ImageMissing {
        /// The image.
        image: String,
        /// In the engine's words.
        reason: String,
    },
    /// The engine's disk is full.
    #[error("{action}: no space left on the engine's disk")]
    DiskFull {
        /// What was asked.
        action: String,
    },
    /// An answer did not come in time.
    #[error("{action}: no answer within {} s", within.as_secs())]
    NoAnswer {
        /// What was asked.
        action: String,
        /// How long we waited.
        within: Duration,
    },
    /// The connection broke, for example because the engine was restarted.
    #[error("{action}: the connection to the container engine broke ({reason})")]
    Lost {
        /// What was asked.
        action: String,
        /// Why.
        reason: String,
    },
    /// We were asked to end.
    #[error("{action}: {}", match reason { CancelReason::Interrupted => "interrupted", CancelReason::DeadlinePassed => "time is up" })]
    Cancelled {
        /// What was under way.
        action: String,
        /// By whom.
        reason: CancelReason,
    },
    /// The engine refused.
    #[error("{action}: {message}")]
    Refused {
        /// What was asked.
        action: String,
        /// HTTP status of the answer, 0 where there was none.
        status: u16,
        /// In the engine's words.
        message: String,
    },
    /// What is asked needs an engine on this machine.
    #[error("{action} needs a container engine on this machine, not one at {address}")]
    NotLocal {
        /// What was asked.
        action: &'static str,
        /// Where the engine is.
        address: String,
    },
    /// A local file could not be used.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Our own program cannot be put into an image.
    #[error("{} cannot run in a container image: {reason}", path.display())]
    Program {
        /// The program.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The network of a scanner could not be closed, so the scanner was not started.
    #[error("the scanner's network could not be closed: {reason}")]
    NotLocked {
        /// Why.
        reason: String,
    },
}

impl EngineError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoEngine { .. } => {
                "start Docker or Podman, set DOCKER_HOST to its socket, or let the scan run in process"
            }
            Self::NoPermission { .. } => {
                "add the user to the `docker` group, use rootless Podman, or set DOCKER_HOST to a socket it may use"
            }
            Self::UnsupportedHost { .. } => {
                "set DOCKER_HOST to a unix:// socket or a tcp:// address without TLS"
            }
            Self::TooOld { .. } => "update the engine: Docker 19.03 or Podman 3 and later work",
            Self::ImageMissing { .. } => {
                "check the name, pull or load the image on the engine first, or log in to its registry"
            }
            Self::DiskFull { .. } => {
                "free space on the engine's disk, for example with `docker system prune`"
            }
            Self::NoAnswer { .. } => "look whether the engine is overloaded or hangs, then run again",
            Self::Lost { .. } => "look whether the engine was restarted, then run again",
            Self::Cancelled { reason: CancelReason::Interrupted, .. } => "run again",
            Self::Cancelled { reason: CancelReason::DeadlinePassed, .. } => {
                "raise the time limit of the scan"
            }
            Self::Refused { .. } => "look into the engine's log for the cause",
            Self::NotLocal { .. } => {
                "run next to the engine, or let the engine start the target so that both share a network"
            }
            Self::File { .. } => "check that the file exists and may be read",
            Self::Program { .. } => "use the statically linked Linux build of the program",
            Self::NotLocked { .. } => {
                "use an engine whose containers may have NET_ADMIN for a moment, or scan in process"
            }
        }
    }

    /// Whether the thing asked for is not there.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// What the engine's `error` means for `action`.
    pub(crate) fn of(action: &str, error: ApiError) -> Self {
        let action = action.to_owned();
        match error {
            ApiError::DockerResponseServerError { status_code, message } => {
                Self::refused(action, status_code, message.trim().to_owned())
            }
            ApiError::DockerStreamError { error } => Self::refused(action, 0, error.trim().to_owned()),
            ApiError::RequestTimeoutError => Self::NoAnswer { action, within: crate::engine::ANSWER_WITHIN },
            ApiError::IOError { err } => Self::Lost { action, reason: err.to_string() },
            ApiError::HyperResponseError { err } => Self::Lost { action, reason: err.to_string() },
            ApiError::HyperLegacyError { err } => Self::Lost { action, reason: deepest(&err) },
            other => Self::Refused { action, status: 0, message: other.to_string() },
        }
    }

    fn refused(action: String, status: u16, message: String) -> Self {
        if message.contains("no space left on device") {
            return Self::DiskFull { action };
        }
        Self::Refused { action, status, message }
    }
}

/// The innermost cause, which names the socket's own trouble where the outer ones say "client error".
fn deepest(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
