//! Why a command gave no report, and the exit code for it.

use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme};
use tollgate_sast::rules::RuleError;

use crate::cli::OutputArgs;
use crate::config::ConfigError;
use crate::{exit, output};

/// Why there is no report.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The configuration is wrong.
    Config(Box<ConfigError>),
    /// Usage, a rule file or an input is wrong.
    Usage {
        /// What is wrong, with its causes.
        error: anyhow::Error,
        /// What to do next.
        hint: Option<String>,
    },
    /// Rule files are wrong.
    Rules(Vec<RuleError>),
    /// The user interrupted before there was anything to report.
    Interrupted,
    /// There is nothing to scan.
    NothingToScan(String),
    /// The work could not be done or the report not be written.
    Incomplete(anyhow::Error),
    /// As `Incomplete`, with what to do next.
    IncompleteWithHint {
        /// What is wrong, with its causes.
        error: anyhow::Error,
        /// What to do next.
        hint: String,
    },
}

impl Failure {
    /// A usage error with what to do next.
    pub(crate) fn usage(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> Self {
        Self::Usage { error: error.into(), hint: Some(hint.into()) }
    }

    /// Says it on stderr and gives the exit code.
    pub(crate) fn report(&self, args: &OutputArgs) -> u8 {
        let mut stderr = io::stderr().lock();
        // Where stderr is gone too, the exit code says it all.
        let mut say = |text: &str| {
            let _ = writeln!(stderr, "{text}");
        };
        match self {
            Self::Config(error) => {
                let theme = match (output::use_color(args, &io::stderr()), output::use_unicode()) {
                    (true, true) => GraphicalTheme::unicode(),
                    (false, true) => GraphicalTheme::unicode_nocolor(),
                    (_, false) => GraphicalTheme::none(),
                };
                let mut text = String::new();
                let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
                if handler.render_report(&mut text, error.as_ref()).is_err() {
                    text = error.to_string();
                }
                say(text.trim_end());
                exit::USAGE
            }
            Self::Usage { error, hint } => {
                say(&format!("error: {error:#}"));
                if let Some(hint) = hint {
                    say(&format!("hint: {hint}"));
                }
                exit::USAGE
            }
            Self::Rules(errors) => {
                errors.iter().for_each(|error| say(error.to_string().trim_end()));
                say(&format!("error: {} in rule files", counted(errors.len(), "error")));
                exit::USAGE
            }
            Self::Interrupted => {
                say("interrupted");
                exit::INTERRUPTED
            }
            Self::NothingToScan(message) => {
                say(&format!("nothing to scan: {message}"));
                exit::NOTHING_TO_SCAN
            }
            Self::Incomplete(error) => {
                say(&format!("error: {error:#}"));
                exit::INCOMPLETE
            }
            Self::IncompleteWithHint { error, hint } => {
                say(&format!("error: {error:#}\nhint: {hint}"));
                exit::INCOMPLETE
            }
        }
    }
}

/// A usage error of a library: its messages complete "failed to …".
pub(crate) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    let chain = std::iter::successors(error.source(), |cause| cause.source());
    let message = chain.fold(format!("failed to {error}"), |text, cause| format!("{text}: {cause}"));
    Failure::Usage { error: anyhow::anyhow!(message), hint: None }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Usage { error, hint: None }
    }
}
