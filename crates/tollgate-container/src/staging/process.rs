//! An app that is a program on this machine, in a process group of its own.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit, test_kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tollgate_core::Cancel;

use super::ready::Living;
use super::{Death, StagingError};
use crate::belongings::remove_folders;
use crate::engine::unless_cancelled;
use crate::error::EngineError;
use crate::owner::{Owner, Role, start_of};

/// How much of what an app printed is kept.
const LOG_KEPT: usize = 64 << 10;
const GRACE: Duration = Duration::from_secs(3);
const POLL_PERIOD: Duration = Duration::from_millis(5);
const LAST_WORDS_WITHIN: Duration = Duration::from_millis(500);
const SEED_WITHIN: Duration = Duration::from_secs(300);

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    group: Option<Pid>,
    printed: Tail,
    readers: JoinSet<()>,
    /// Tells a later run which group to end, should this process be killed.
    note: PathBuf,
}

impl Process {
    pub(super) fn start(
        command: &[String],
        folder: &Path,
        environment: &[(String, String)],
        memory: u64,
    ) -> Result<Self, StagingError> {
        let mut child = prepared(command, folder, environment)?
            .process_group(0)
            .spawn()
            .map_err(|error| trouble(command, &error))?;
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Err(error) = limit_memory(id, memory) {
            // It has had no time yet for children of its own.
            let _ = child.start_kill();
            return Err(trouble(command, &error));
        }
        let (printed, mut readers) = (Tail::default(), JoinSet::new());
        printed.follow(child.stdout.take(), &mut readers);
        printed.follow(child.stderr.take(), &mut readers);
        let group = id;
        let note = std::env::temp_dir().join(Owner::current().fresh_name(Role::Staging));
        let mut process = Self { child, group, printed, readers, note };
        if let Some(id) = process.child.id() {
            let text = format!("{id} {}", start_of(id).unwrap_or(0));
            let noted =
                fs::create_dir(&process.note).and_then(|()| fs::write(process.note.join("group"), text));
            if let Err(error) = noted {
                process.kill();
                return Err(trouble(command, &error));
            }
        }
        Ok(process)
    }

    pub(super) fn printed(&self) -> String {
        self.printed.text()
    }

    pub(super) async fn how_it_died(&mut self) -> Option<Death> {
        let status = self.child.try_wait().ok().flatten()?;
        // Its last words may still be on the way; a child it left behind may hold the line open.
        let rest = async { while self.readers.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(LAST_WORDS_WITHIN, rest).await;
        Some(Death { code: status.code().map(i64::from), out_of_memory: false, log: self.printed() })
    }

    /// Asks the whole group to end, makes it after a grace, and comes back once nothing of it runs.
    pub(super) async fn stop(&mut self) {
        if let Some(group) = self.group {
            // A group that is gone needs no signal.
            let _ = kill_process_group(group, Signal::TERM);
        }
        let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        let group = self.group;
        self.kill();
        let gone = async {
            let _ = self.child.wait().await;
            // A killed process keeps its sockets until the kernel has come to it.
            while group.is_some_and(|group| test_kill_process_group(group).is_ok()) {
                tokio::time::sleep(POLL_PERIOD).await;
            }
        };
        let _ = tokio::time::timeout(GRACE, gone).await;
    }

    fn kill(&mut self) {
        if let Some(group) = self.group.take() {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = fs::remove_dir_all(&self.note);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Living for Process {
    async fn death(&mut self) -> Result<Option<Death>, EngineError> {
        Ok(self.how_it_died().await)
    }

    async fn log(&mut self) -> String {
        self.printed()
    }
}

/// Runs the seed command beside the app.
pub(super) async fn seed(
    command: &[String],
    folder: &Path,
    environment: &[(String, String)],
    cancel: &Cancel,
) -> Result<(), StagingError> {
    let run = prepared(command, folder, environment)?.kill_on_drop(true).output();
    let output = unless_cancelled("seeding the staging app", cancel, tokio::time::timeout(SEED_WITHIN, run))
        .await?
        .map_err(|_| EngineError::NoAnswer {
            action: "seeding the staging app".to_owned(),
            within: SEED_WITHIN,
        })?
        .map_err(|error| trouble(command, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let tail = Tail::default();
    tail.push(&output.stdout);
    tail.push(&output.stderr);
    let code = output.status.code().map_or(-1, i64::from);
    Err(StagingError::Seed { command: command.to_vec(), code, log: tail.text() })
}

/// Ends process groups whose orchestrator is gone and removes the notes about them.
pub(crate) fn sweep_processes(observer: &Owner) -> usize {
    let prefix = Owner::name_prefix(Role::Staging);
    let parent = std::env::temp_dir();
    remove_folders(&parent, |name| {
        let is_over = name.strip_prefix(&prefix).is_some_and(|rest| observer.outlived_name(rest));
        if is_over {
            end_noted(&parent.join(name).join("group"));
        }
        is_over
    })
}

/// The number may belong to somebody else by now; the start time tells.
fn end_noted(note: &Path) {
    let text = fs::read_to_string(note).unwrap_or_default();
    let Some((id, started)) = text.split_once(' ') else { return };
    let (Ok(id), Ok(started)) = (id.parse::<u32>(), started.parse::<u64>()) else { return };
    if start_of(id) == Some(started)
        && let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw)
    {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Bounds what the program, and each child it starts from now on, may write to in memory. Address space
/// that is only set aside does not count: some runtimes set aside far more than they use.
fn limit_memory(id: Option<Pid>, memory: u64) -> std::io::Result<()> {
    let Some(id) = id else { return Ok(()) };
    let limit = Rlimit { current: Some(memory), maximum: Some(memory) };
    match prlimit(Some(id), Resource::Data, limit) {
        // Gone already; how it died is told when it is waited for.
        Ok(_) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn prepared(
    command: &[String],
    folder: &Path,
    environment: &[(String, String)],
) -> Result<Command, StagingError> {
    let (program, arguments) = command.split_first().ok_or_else(|| StagingError::Program {
        program: String::new(),
        reason: "the command is empty".to_owned(),
    })?;
    let mut prepared = Command::new(program);
    prepared
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(prepared)
}

fn trouble(command: &[String], error: &std::io::Error) -> StagingError {
    let program = command.first().cloned().unwrap_or_default();
    StagingError::Program { program, reason: error.to_string() }
}

/// The last bytes of what was printed. Clones share them.
#[derive(Debug, Clone, Default)]
struct Tail(Arc<Mutex<VecDeque<u8>>>);

impl Tail {
    fn follow(&self, output: Option<impl AsyncRead + Unpin + Send + 'static>, readers: &mut JoinSet<()>) {
        let Some(mut output) = output else { return };
        let tail = self.clone();
        readers.spawn(async move {
            let mut piece = vec![0; 8192];
            while let Ok(length) = output.read(&mut piece).await {
                if length == 0 {
                    return;
                }
                tail.push(&piece[..length]);
            }
        });
    }

    fn push(&self, piece: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(piece);
        let excess = kept.len().saturating_sub(LOG_KEPT);
        kept.drain(..excess);
    }

    fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_cannot_take_more_memory_than_it_may() {
        // The limit comes when the program runs already.
        let script = "n=0; until [ $(ulimit -d) = 65536 ] || [ $n -ge 3000 ]; do sleep 0.01; n=$((n + 1)); done; \
                      ulimit -d; (ulimit -d)";
        let command = ["sh".to_owned(), "-c".to_owned(), script.to_owned()];
        let mut process = Process::start(&command, &std::env::temp_dir(), &[], 64 << 20).unwrap();
        let death = loop {
            if let Some(death) = process.how_it_died().await {
                break death;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!((death.code, death.log.as_str()), (Some(0), "65536\n65536"));
    }
}
