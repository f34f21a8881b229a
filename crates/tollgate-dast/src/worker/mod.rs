//! The scanner as a process of its own: a job on stdin, events and findings as JSON lines on stdout.
//!
//! A job holds everything the scan needs, documents and secrets included, so that the worker can run
//! where there is neither file system nor environment.

mod job;
mod wire;

use std::io::{BufRead, Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tollgate_core::{
    Cancel, Coverage, Diagnostic, DiagnosticLevel, Event, Events, ScannerId, ScannerOutcome,
};

use crate::engine;
use crate::error::DastError;
use crate::readers::Readers;
pub use job::Job;
pub(crate) use job::{JobRoute, Text};
pub(crate) use wire::source_location;
pub use wire::{WireExchange, WireFinding, WireRule};
use wire::{finding_from_wire, finding_to_wire, rule_from_wire, rule_to_wire};

/// One line of the worker's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum WorkerMessage {
    /// A phase began.
    Phase {
        /// Its name.
        name: String,
    },
    /// Requests were sent.
    Progress {
        /// How many.
        units: u64,
    },
    /// A message about the scan.
    Diagnostic {
        /// `note`, `warning` or `error`.
        level: String,
        /// The message.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A rule that fired.
    Rule(Box<WireRule>),
    /// A finding.
    Finding(Box<WireFinding>),
    /// The end; without it the scan is incomplete.
    Done {
        /// Endpoints examined.
        examined: u64,
        /// Milliseconds it took.
        elapsed_ms: u64,
    },
}

/// Reads a job from `input`, scans and writes messages to `output`, one JSON document a line. The scan
/// ends when `cancel` says so.
///
/// # Errors
/// When the job is malformed or `output` cannot be written.
pub fn run(
    mut input: impl Read,
    output: impl Write + Send + 'static,
    readers: Readers,
    cancel: &Cancel,
) -> Result<(), DastError> {
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(|error| DastError::Job(error.to_string()))?;
    let job: Job = serde_json::from_str(&text).map_err(|error| DastError::Job(error.to_string()))?;
    let output = Arc::new(Mutex::new(output));
    let sink = Arc::clone(&output);
    let events = Events::new(move |event| {
        let message = match event {
            Event::Phase { name, .. } => WorkerMessage::Phase { name },
            Event::Progress { units, .. } => WorkerMessage::Progress { units },
            Event::Started { .. } | Event::Diagnostic { .. } | Event::Finished { .. } => return,
        };
        // A reader that went away is noticed when the findings are written.
        let _ = write_line(&sink, &message);
    });
    let outcome = engine::run(&job, readers, &events, cancel);
    for message in messages_of(&outcome) {
        write_line(&output, &message).map_err(|error| DastError::Job(error.to_string()))?;
    }
    Ok(())
}

fn write_line(output: &Mutex<impl Write>, message: &WorkerMessage) -> std::io::Result<()> {
    let mut line = serde_json::to_string(message)?;
    line.push('\n');
    let mut output = output.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    output.write_all(line.as_bytes())?;
    output.flush()
}

fn messages_of(outcome: &ScannerOutcome) -> Vec<WorkerMessage> {
    let mut out = Vec::new();
    for diagnostic in &outcome.diagnostics {
        out.push(WorkerMessage::Diagnostic {
            level: match diagnostic.level {
                DiagnosticLevel::Note => "note",
                DiagnosticLevel::Warning => "warning",
                DiagnosticLevel::Error => "error",
            }
            .into(),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        });
    }
    out.extend(outcome.rules.iter().map(|rule| WorkerMessage::Rule(Box::new(rule_to_wire(rule)))));
    out.extend(outcome.findings.iter().filter_map(finding_to_wire).map(Box::new).map(WorkerMessage::Finding));
    out.push(WorkerMessage::Done {
        examined: outcome.coverage.examined,
        elapsed_ms: u64::try_from(outcome.elapsed.as_millis()).unwrap_or(u64::MAX),
    });
    out
}

/// Reads what a worker wrote. A line that is no message, or an end that never came, makes the outcome
/// incomplete.
pub fn read_messages(reader: impl BufRead, events: &Events) -> ScannerOutcome {
    let scanner = ScannerId::new(ScannerId::DAST);
    let mut outcome = ScannerOutcome::empty(scanner.clone());
    let mut done = false;
    for line in reader.lines() {
        let Ok(line) = line else { break };
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(&line) {
            Err(error) => outcome.diagnostics.push(Diagnostic::new(
                DiagnosticLevel::Error,
                format!("a line of the dynamic scanner's output is malformed: {error}"),
            )),
            Ok(WorkerMessage::Phase { name }) => {
                events.emit(Event::Phase { scanner: scanner.clone(), name });
            }
            Ok(WorkerMessage::Progress { units }) => {
                events.emit(Event::Progress { scanner: scanner.clone(), units, bytes: 0 });
            }
            Ok(WorkerMessage::Diagnostic { level, message, hint }) => {
                let level = match level.as_str() {
                    "note" => DiagnosticLevel::Note,
                    "warning" => DiagnosticLevel::Warning,
                    _ => DiagnosticLevel::Error,
                };
                outcome.diagnostics.push(Diagnostic { hint, ..Diagnostic::new(level, message) });
            }
            Ok(WorkerMessage::Rule(rule)) => outcome.rules.extend(rule_from_wire(*rule)),
            Ok(WorkerMessage::Finding(finding)) => outcome.findings.extend(finding_from_wire(*finding)),
            Ok(WorkerMessage::Done { examined, elapsed_ms }) => {
                done = true;
                outcome.coverage = Coverage { examined, ..Coverage::default() };
                outcome.elapsed = Duration::from_millis(elapsed_ms);
            }
        }
    }
    if !done {
        outcome.diagnostics.push(
            Diagnostic::new(DiagnosticLevel::Error, "the dynamic scanner ended before it was done")
                .hint("look at the container's log for the reason"),
        );
    }
    outcome
}
