//! What can keep a dynamic scan from starting.

use std::path::PathBuf;

/// Why a dynamic scan could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DastError {
    /// The target is no web address.
    #[error("target `{0}` is not an http or https URL with a host")]
    Target(String),
    /// The target is a public address and nobody named it on purpose.
    #[error("target `{0}` resolves to the public address {1}, which no setting names")]
    PublicTarget(String, std::net::IpAddr),
    /// A glob of the scope is wrong.
    #[error("scope pattern `{pattern}` is not a path glob: {reason}")]
    Glob {
        /// The pattern as written.
        pattern: String,
        /// What the parser says.
        reason: String,
    },
    /// A document could not be read.
    #[error("cannot read {what} `{path}`: {source}", path = path.display())]
    Read {
        /// What the file is for.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A file that should hold certificates holds none.
    #[error("`{path}` holds no certificates in PEM", path = .0.display())]
    NoCertificate(PathBuf),
    /// A secret is missing.
    #[error("secret `{0}` is not set in the environment")]
    Secret(String),
    /// A check file is wrong.
    #[error("check file `{file}`: {reason}")]
    Check {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting names a check that does not exist.
    #[error("there is no check `{0}`")]
    UnknownCheck(String),
    /// The runtime or the HTTP client did not start.
    #[error("cannot start the {what}: {reason}")]
    Start {
        /// Which part.
        what: &'static str,
        /// The reason.
        reason: String,
    },
    /// A job handed to the worker is malformed.
    #[error("worker job: {0}")]
    Job(String),
}
