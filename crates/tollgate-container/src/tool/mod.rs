//! Scanners by others: described as data, run in a locked-down container or as a plain command, their
//! results handed to whoever reads SARIF.

mod adapters;
mod command;
mod container;
mod convert;
mod scanner;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tollgate_core::ScannerId;

use crate::egress::Egress;
use crate::error::EngineError;
use crate::worker::Limits;

pub use adapters::{AdapterError, adapter_names};
pub use scanner::{ParseResult, ToolScanner};

/// A scanner by others, ready to run.
///
/// In arguments and environment values, `{target}` stands for the URL to scan, `{source}` for the
/// folder of the sources and `{output}` for the result file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolSpec {
    /// Its name in reports.
    pub id: ScannerId,
    /// One line: what it does.
    pub summary: String,
    /// Its home page.
    pub homepage: Option<String>,
    /// What is run.
    pub program: ToolProgram,
    /// Arguments.
    pub arguments: Vec<String>,
    /// Where the result appears: a path inside the container, or for a command one of this machine.
    /// Without it a container prints its result, and a command gets a temporary file or prints it when
    /// no argument names `{output}`.
    pub output: Option<String>,
    /// Format of the result.
    pub format: Format,
    /// Exit codes that say nothing went wrong; many scanners use one of their own for "found something".
    pub success_codes: Vec<i64>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// What its container can reach. A plain command is not confined.
    pub network: ToolNetwork,
    /// What it looks at.
    pub subject: Subject,
    /// Whether it attacks its target, so that consent is needed.
    pub active: bool,
    /// What its container may use.
    pub limits: Limits,
    /// What a user of this adapter should know, such as an image that is not pinned.
    pub warning: Option<String>,
}

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolProgram {
    /// A container.
    Container {
        /// Its image.
        image: ToolImage,
        /// Program in place of the image's own.
        entrypoint: Option<Vec<String>>,
        /// User in place of the image's own.
        user: Option<String>,
    },
    /// A program of this machine and its first arguments.
    Command(Vec<String>),
}

/// Where a container's image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolImage {
    /// By name with a digest or tag; fetched when the engine does not have it.
    Named(String),
    /// Built once from these instructions and kept.
    Built {
        /// The instructions. They see no files.
        dockerfile: String,
        /// Built anew after this many days, for data that grows old inside the image.
        refresh_days: Option<u32>,
    },
}

/// What a tool's container can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolNetwork {
    /// Nothing.
    Nothing,
    /// The target of the dynamic scan, through the same lock as our own scanner.
    Target,
    /// Everything.
    Internet,
}

impl FromStr for ToolNetwork {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::Nothing),
            "target" => Ok(Self::Target),
            "internet" => Ok(Self::Internet),
            _ => Err(format!("unknown network `{text}`: expected none, target or internet")),
        }
    }
}

impl fmt::Display for ToolNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Nothing => "none",
            Self::Target => "target",
            Self::Internet => "internet",
        })
    }
}

/// What a tool looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The running application.
    Target,
    /// The sources, mounted read-only.
    Source,
}

/// The format of a result. All but SARIF are turned into SARIF here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// SARIF 2.1.0.
    Sarif,
    /// ZAP's traditional JSON report.
    ZapJson,
    /// Wapiti's JSON report.
    WapitiJson,
    /// Nikto's JSON report.
    NiktoJson,
    /// sqlmap's table of results.
    SqlmapCsv,
}

impl Format {
    /// Every format by name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Sarif, "sarif"),
        (Self::ZapJson, "zap-json"),
        (Self::WapitiJson, "wapiti-json"),
        (Self::NiktoJson, "nikto-json"),
        (Self::SqlmapCsv, "sqlmap-csv"),
    ];
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(format, _)| *format).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(_, name)| *name).collect();
            format!("unknown result format `{text}`: expected {}", names.join(", "))
        })
    }
}

/// Where a tool runs.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Our own program, of which the closed network of a container is made.
    pub program: PathBuf,
    /// The running application, for tools that look at one.
    pub target: Option<ToolTarget>,
}

/// A running application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolTarget {
    /// Its URL as the tool is to call it.
    pub url: String,
    /// How a container reaches it.
    pub egress: Egress,
}

/// A tool that gave no result.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A plain command could not be run.
    #[error("`{program}` could not be run: {reason}")]
    Command {
        /// The program.
        program: String,
        /// Why.
        reason: String,
    },
    /// It needs a running application and there is none.
    #[error("it needs a running application and the scan has no target")]
    NoTarget,
    /// It ended with an exit code that says so.
    #[error("it ended with exit code {code}: {log}")]
    Failed {
        /// The code.
        code: i64,
        /// The last it printed.
        log: String,
    },
    /// It took more memory than it may.
    #[error("it ran out of memory")]
    OutOfMemory,
    /// It ended well and left no result.
    #[error("it left no result at {path}: {log}")]
    NoResult {
        /// Where it should be.
        path: String,
        /// The last it printed.
        log: String,
    },
    /// The result cannot be read.
    #[error("its result cannot be read: {0}")]
    BadResult(String),
}

impl ToolError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Engine(error) => error.hint(),
            Self::Command { .. } => "install the program or correct `command`",
            Self::NoTarget => "set `dast.target` or `dast.start`, or leave this tool out",
            Self::Failed { .. } => {
                "run the tool by hand; add the code to `success-codes` if it means findings"
            }
            Self::OutOfMemory => "raise the memory limit of the tool",
            Self::NoResult { .. } => "check `output` against the arguments of the tool",
            Self::BadResult(_) => "check `format` against what the tool writes",
        }
    }
}
