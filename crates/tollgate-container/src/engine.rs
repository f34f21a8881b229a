//! Finding an engine and agreeing with it on an API version.

use std::env;
use std::future::Future;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use bollard::errors::Error as ApiError;
use bollard::{API_DEFAULT_VERSION, Docker};
use tollgate_core::Cancel;

use crate::error::EngineError;
use crate::owner::Owner;

/// How long any single answer of the engine may take.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// How often a wait looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The version whose answers this crate was written against. The client library sends no version at
/// all, so that an engine of tomorrow would answer in its own newest one.
const NEWEST: ApiVersion = (1, 51);
/// Docker 19.03.
const OLDEST: ApiVersion = (1, 40);

type ApiVersion = (u32, u32);

/// A Docker-compatible engine that answers.
#[derive(Debug, Clone)]
pub struct Engine {
    docker: Docker,
    address: String,
    local: bool,
    about: About,
    owner: Owner,
}

/// What an engine says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// `Docker` or `Podman`.
    pub product: String,
    /// Version of the engine.
    pub version: String,
    /// API version agreed on.
    pub api: String,
    /// Whether it can put a small init in front of a container's program.
    pub has_init: bool,
    /// Whether it filters system calls by default.
    pub has_seccomp: bool,
    /// Whether it can limit the number of processes.
    pub limits_pids: bool,
}

impl Engine {
    /// Finds the engine: `DOCKER_HOST` where set, else Docker's socket, else Podman's.
    ///
    /// # Errors
    /// When none answers, none may be used, or the one that answers is too old.
    pub async fn connect() -> Result<Self, EngineError> {
        match env::var("DOCKER_HOST") {
            Ok(host) if !host.trim().is_empty() => Self::connect_to(host.trim()).await,
            _ => Self::connect_to_first(&usual_sockets()).await,
        }
    }

    /// The engine at `host`: `unix:///path`, `tcp://host:port`, `http://host:port` or a path.
    ///
    /// # Errors
    /// As [`Engine::connect`].
    pub async fn connect_to(host: &str) -> Result<Self, EngineError> {
        let path = host.strip_prefix("unix://").unwrap_or(host);
        if path.starts_with('/') {
            return Self::over_socket(path).await;
        }
        let unsupported = || EngineError::UnsupportedHost { host: host.to_owned() };
        let authority =
            host.strip_prefix("tcp://").or_else(|| host.strip_prefix("http://")).ok_or_else(unsupported)?;
        if env::var_os("DOCKER_TLS_VERIFY").is_some_and(|value| !value.is_empty()) {
            return Err(unsupported());
        }
        let address = format!("tcp://{authority}");
        let docker = Docker::connect_with_http(&address, ANSWER_WITHIN.as_secs(), API_DEFAULT_VERSION)
            .map_err(|_| unsupported())?;
        let host_name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
        let local = matches!(host_name, "localhost" | "127.0.0.1" | "[::1]");
        Self::agree(docker, address, local).await
    }

    async fn connect_to_first(sockets: &[String]) -> Result<Self, EngineError> {
        let mut forbidden = None;
        for socket in sockets {
            match Self::over_socket(socket).await {
                Err(EngineError::NoEngine { .. }) => {}
                Err(error @ EngineError::NoPermission { .. }) => forbidden = forbidden.or(Some(error)),
                answer => return answer,
            }
        }
        Err(forbidden.unwrap_or_else(|| EngineError::NoEngine { tried: sockets.to_vec() }))
    }

    async fn over_socket(path: &str) -> Result<Self, EngineError> {
        // The client library would fold both of these into "client error".
        if let Err(error) = tokio::net::UnixStream::connect(path).await {
            return Err(match error.kind() {
                ErrorKind::PermissionDenied => EngineError::NoPermission { address: path.to_owned() },
                _ => EngineError::NoEngine { tried: vec![path.to_owned()] },
            });
        }
        let docker = Docker::connect_with_unix(path, ANSWER_WITHIN.as_secs(), API_DEFAULT_VERSION)
            .map_err(|_| EngineError::NoEngine { tried: vec![path.to_owned()] })?;
        Self::agree(docker, path.to_owned(), Path::new(path).exists()).await
    }

    async fn agree(docker: Docker, address: String, local: bool) -> Result<Self, EngineError> {
        const ACTION: &str = "asking the engine for its version";
        let said = match within(Duration::from_secs(10), ACTION, docker.version()).await {
            Err(EngineError::Lost { .. }) => return Err(EngineError::NoEngine { tried: vec![address] }),
            answer => answer?,
        };
        let newest = said.api_version.as_deref().and_then(parse_version).unwrap_or_default();
        if newest < OLDEST {
            let shown = |(major, minor): ApiVersion| format!("{major}.{minor}");
            let found = said.api_version.unwrap_or_else(|| "of no known version".to_owned());
            return Err(EngineError::TooOld { address, found, needed: shown(OLDEST) });
        }
        let oldest = said.min_api_version.as_deref().and_then(parse_version).unwrap_or_default();
        let (major, minor) = NEWEST.min(newest).max(oldest);
        let docker = speaking(docker, major, minor);
        let info = within(Duration::from_secs(20), "asking the engine what it can do", docker.info()).await?;
        let components = said.components.unwrap_or_default();
        let podman = components.iter().any(|component| component.name.to_lowercase().contains("podman"));
        let filters = info.security_options.unwrap_or_default();
        let about = About {
            product: if podman { "Podman" } else { "Docker" }.to_owned(),
            version: said.version.unwrap_or_default(),
            api: format!("{major}.{minor}"),
            has_init: podman || info.init_binary.is_some_and(|name| !name.is_empty()),
            has_seccomp: filters
                .iter()
                .any(|option| option.contains("seccomp") && !option.contains("unconfined")),
            limits_pids: info.pids_limit.unwrap_or(false),
        };
        Ok(Self { docker, address, local, about, owner: Owner::current() })
    }

    /// What the engine says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Socket or address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether containers of the engine run on this machine, so that it can mount our files.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.local
    }

    pub(crate) fn docker(&self) -> &Docker {
        &self.docker
    }

    pub(crate) fn owner(&self) -> &Owner {
        &self.owner
    }
}

/// Puts the version agreed on in front of the path of every request.
fn speaking(docker: Docker, major: u32, minor: u32) -> Docker {
    docker.with_request_modifier(move |mut request| {
        let uri = request.uri();
        let (scheme, authority, path) = (uri.scheme_str(), uri.authority(), uri.path_and_query());
        if let (Some(scheme), Some(authority), Some(path)) = (scheme, authority, path)
            && let Ok(versioned) = format!("{scheme}://{authority}/v{major}.{minor}{path}").parse()
        {
            *request.uri_mut() = versioned;
        }
        request
    })
}

fn parse_version(text: &str) -> Option<ApiVersion> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn usual_sockets() -> Vec<String> {
    let mut sockets = vec!["/var/run/docker.sock".to_owned()];
    let runtime = env::var("XDG_RUNTIME_DIR").ok().filter(|dir| dir.starts_with('/'));
    if let Some(runtime) = runtime {
        sockets.push(format!("{runtime}/docker.sock"));
        sockets.push(format!("{runtime}/podman/podman.sock"));
    }
    if let Ok(home) = env::var("HOME") {
        sockets.push(format!("{home}/.docker/run/docker.sock"));
    }
    sockets.push("/run/podman/podman.sock".to_owned());
    sockets
}

/// The answer to one question, or an error when it takes too long. Not cancellable: a question that
/// creates something must be awaited, or what it creates would be forgotten.
pub(crate) async fn within<T>(
    limit: Duration,
    action: &str,
    question: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, EngineError> {
    match tokio::time::timeout(limit, question).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(EngineError::of(action, error)),
        Err(_) => Err(EngineError::NoAnswer { action: action.to_owned(), within: limit }),
    }
}

/// The answer to one quick question.
pub(crate) async fn ask<T>(
    action: &str,
    question: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, EngineError> {
    within(ANSWER_WITHIN, action, question).await
}

/// `work`, ended early when `cancel` says so.
pub(crate) async fn unless_cancelled<T>(
    action: &str,
    cancel: &Cancel,
    work: impl Future<Output = T>,
) -> Result<T, EngineError> {
    tokio::select! {
        biased;
        done = work => Ok(done),
        reason = cancelled(cancel) => Err(EngineError::Cancelled { action: action.to_owned(), reason }),
    }
}

/// Ends when `cancel` says so.
pub(crate) async fn cancelled(cancel: &Cancel) -> tollgate_core::CancelReason {
    loop {
        if let Some(reason) = cancel.reason() {
            return reason;
        }
        let nap = cancel.deadline().map_or(LOOK_EVERY, |deadline| {
            LOOK_EVERY.min(deadline.saturating_duration_since(Instant::now()))
        });
        tokio::time::sleep(nap.max(Duration::from_millis(1))).await;
    }
}
