//! Running a tool that is a program of this machine.

use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tollgate_core::Cancel;

use super::{ToolError, ToolSpec};
use crate::engine::unless_cancelled;

/// A result larger than this is no result.
pub(super) const LARGEST_RESULT: u64 = 512 << 20;
const LOG_KEPT: usize = 16 << 10;

/// Ends a program with all it has started, also when the future that runs it is dropped.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // A group that has ended needs no signal.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Runs the program and hands back its result.
pub(super) async fn run(
    spec: &ToolSpec,
    command: &[String],
    source: &Path,
    target: Option<&str>,
    cancel: &Cancel,
) -> Result<Vec<u8>, ToolError> {
    let program = command.first().cloned().unwrap_or_default();
    let trouble = |reason: String| ToolError::Command { program: program.clone(), reason };
    let scratch = tempfile::tempdir().map_err(|error| trouble(error.to_string()))?;
    let words: Vec<&String> = command.iter().chain(&spec.arguments).collect();
    let names_output = words.iter().any(|word| word.contains("{output}"));
    let output = spec.output.as_ref().map(|path| source.join(path));
    let output = output.or_else(|| names_output.then(|| scratch.path().join("result")));
    let shown = output.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let fill = |word: &str| {
        word.replace("{target}", target.unwrap_or_default())
            .replace("{source}", &source.display().to_string())
            .replace("{output}", &shown)
    };
    let filled: Vec<String> = words.into_iter().map(|word| fill(word)).collect();
    let (first, rest) = filled.split_first().ok_or_else(|| trouble("the command is empty".to_owned()))?;
    if let Some(output) = &output {
        // The result of an earlier run must not pass for this one's.
        match std::fs::remove_file(output) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(trouble(error.to_string()));
            }
            _ => {}
        }
    }
    let mut child = Command::new(first)
        .args(rest)
        .current_dir(source)
        .envs(spec.environment.iter().map(|(name, value)| (name, fill(value))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| trouble(error.to_string()))?;
    let _group = Group(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw));
    let (printed, complaints) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (printed, complaints, status) = tokio::join!(head(printed), tail(complaints), child.wait());
        status.map(|status| (printed, complaints, status.code().map_or(-1, i64::from)))
    };
    let cancel = cancel.with_deadline(std::time::Instant::now() + spec.limits.time);
    let action = format!("running {}", spec.id);
    let (printed, complaints, code) =
        unless_cancelled(&action, &cancel, work).await?.map_err(|error| trouble(error.to_string()))?;
    if !spec.success_codes.contains(&code) {
        let log = if complaints.is_empty() { last(&printed) } else { complaints };
        return Err(ToolError::Failed { code, log });
    }
    let Some(path) = output else { return Ok(printed) };
    let size = std::fs::metadata(&path).map(|found| found.len());
    match size {
        Ok(size) if size <= LARGEST_RESULT => {
            std::fs::read(&path).map_err(|error| trouble(error.to_string()))
        }
        Ok(size) => Err(ToolError::BadResult(format!("it has {size} bytes"))),
        Err(_) => Err(ToolError::NoResult { path: shown, log: complaints }),
    }
}

/// All of it, up to the largest result; the rest is read and dropped.
async fn head(output: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut kept = Vec::new();
    let Some(mut output) = output else { return kept };
    let mut piece = vec![0; 64 << 10];
    while let Ok(length @ 1..) = output.read(&mut piece).await {
        if kept.len() as u64 <= LARGEST_RESULT {
            kept.extend_from_slice(&piece[..length]);
        }
    }
    kept
}

async fn tail(output: Option<impl AsyncRead + Unpin>) -> String {
    let mut kept = Vec::new();
    let Some(mut output) = output else { return String::new() };
    let mut piece = vec![0; 8 << 10];
    while let Ok(length @ 1..) = output.read(&mut piece).await {
        kept.extend_from_slice(&piece[..length]);
        kept.drain(..kept.len().saturating_sub(LOG_KEPT));
    }
    last(&kept)
}

fn last(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(LOG_KEPT)..]).trim().to_owned()
}
