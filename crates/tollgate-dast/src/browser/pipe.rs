//! The DevTools protocol over two pipes: JSON messages, each ended by a zero byte.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, oneshot};

use super::{BrowserError, launch};

/// Time for the browser to answer a command.
const ANSWER_TIME: Duration = Duration::from_secs(8);

/// Time for the browser to start.
const START_TIME: Duration = Duration::from_secs(60);

/// Time for the browser to end by itself.
const END_TIME: Duration = Duration::from_secs(5);

/// How often its folder is tried to be removed, ten times a second.
const REMOVALS: u32 = 30;

/// Longest message that is read.
const LONGEST: u64 = 64 << 20;

/// Events that wait to be looked at; a page that makes more of them loses the others.
const EVENTS: usize = 4_096;

/// Something the browser tells unasked.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) method: String,
    pub(super) params: Value,
}

/// Who waits for which answer; `None` once the browser is gone.
type Waiting = Arc<Mutex<Option<BTreeMap<u64, oneshot::Sender<Value>>>>>;

/// Who is told what the browser tells unasked, by session.
type Listening = Arc<Mutex<BTreeMap<String, mpsc::Sender<Event>>>>;

/// A running browser.
pub(super) struct Pipe {
    next: AtomicU64,
    input: tokio::sync::Mutex<ChildStdin>,
    waiting: Waiting,
    listening: Listening,
    child: Child,
    folder: TempDir,
}

impl Pipe {
    pub(super) async fn start() -> Result<Self, BrowserError> {
        let program = launch::find()?;
        let (mut child, folder) = launch::start(&program)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(BrowserError::Gone);
        };
        let waiting: Waiting = Arc::new(Mutex::new(Some(BTreeMap::new())));
        let listening = Listening::default();
        tokio::spawn(read(output, Arc::clone(&waiting), Arc::clone(&listening)));
        let (next, input) = (AtomicU64::new(1), tokio::sync::Mutex::new(input));
        let pipe = Self { next, input, waiting, listening, child, folder };
        let started = pipe.call_within(None, "Browser.getVersion", json!({}), START_TIME).await;
        started.map_err(|error| BrowserError::Start(program, error.to_string()))?;
        Ok(pipe)
    }

    /// What the browser tells of a session from now on.
    pub(super) fn listen(&self, session: &str) -> mpsc::Receiver<Event> {
        let (sender, events) = mpsc::channel(EVENTS);
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        listening.insert(session.to_owned(), sender);
        events
    }

    /// Nobody listens to that session any more.
    pub(super) fn ignore(&self, session: &str) {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
    }

    /// Ends the browser and removes what it kept. Its folder can only go once nothing writes to it.
    pub(super) async fn close(mut self) {
        let _ = self.call(None, "Browser.close", json!({})).await;
        if tokio::time::timeout(END_TIME, self.child.wait()).await.is_err() {
            // What is left is ended the hard way.
            let _ = self.child.kill().await;
        }
        for _ in 0..REMOVALS {
            if std::fs::remove_dir_all(self.folder.path()).is_ok() || !self.folder.path().exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends a command and waits for its answer.
    pub(super) async fn call(
        &self,
        session: Option<&str>,
        method: &'static str,
        params: Value,
    ) -> Result<Value, BrowserError> {
        self.call_within(session, method, params, ANSWER_TIME).await
    }

    async fn call_within(
        &self,
        session: Option<&str>,
        method: &'static str,
        params: Value,
        limit: Duration,
    ) -> Result<Value, BrowserError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        self.lock(|waiting| waiting.insert(id, sender)).ok_or(BrowserError::Gone)?;
        self.write(id, session, method, params).await?;
        let answer = tokio::time::timeout(limit, answer).await;
        self.lock(|waiting| waiting.remove(&id));
        let mut answer = answer.map_err(|_| BrowserError::Silent(method))?.map_err(|_| BrowserError::Gone)?;
        match answer.pointer("/error/message").and_then(Value::as_str) {
            Some(message) => Err(BrowserError::Refused(method, message.to_owned())),
            None => Ok(answer["result"].take()),
        }
    }

    /// Sends a command whose answer nobody needs.
    pub(super) async fn tell(
        &self,
        session: &str,
        method: &'static str,
        params: Value,
    ) -> Result<(), BrowserError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.write(id, Some(session), method, params).await
    }

    async fn write(
        &self,
        id: u64,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<(), BrowserError> {
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let written = self.input.lock().await.write_all(&bytes).await;
        written.map_err(|_| BrowserError::Gone)
    }

    fn lock<T>(&self, work: impl FnOnce(&mut BTreeMap<u64, oneshot::Sender<Value>>) -> T) -> Option<T> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(work)
    }
}

async fn read(output: ChildStdout, waiting: Waiting, listening: Listening) {
    let mut output = BufReader::new(output);
    loop {
        let mut bytes = Vec::new();
        match (&mut output).take(LONGEST).read_until(0, &mut bytes).await {
            Ok(1..) if bytes.last() == Some(&0) => bytes.pop(),
            _ => break,
        };
        let Ok(mut message) = serde_json::from_slice::<Value>(&bytes) else { continue };
        if let Some(id) = message.get("id").and_then(Value::as_u64) {
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(sender) = waiting.as_mut().and_then(|waiting| waiting.remove(&id)) {
                // Whoever asked may have given up.
                let _ = sender.send(message);
            }
        } else if let Some(method) = message.get("method").and_then(Value::as_str).map(str::to_owned) {
            let params = message["params"].take();
            let session = message.get("sessionId").and_then(Value::as_str).unwrap_or_default();
            let listening = listening.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(events) = listening.get(session) {
                let _ = events.try_send(Event { method, params });
            }
        }
    }
    // Those who wait learn that nothing will come.
    *waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
    listening.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
